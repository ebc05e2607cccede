"""Signing the transfer agreement: each signing body has a row of its own; when all have signed, it holds.

Basis: 揭府办〔2005〕77号, sections 五(一)2, 五(二)3 and 八.
"""

from django.utils.translation import gettext_lazy as _

from apps.engine.words import SYSTEM, Stage
from apps.transfers.models import Signature

from .parties import SIGNING_ENTERPRISE, SIGNING_HEAD


class AgreementSignature(Signature):
    """移交协议签署"""

    waiting = Stage(_("待签署"), SIGNING_HEAD, start=True, untimed=_("期限为批次签订协议的期限"))
    signed = Stage(_("已签署"), end=True)
    voided = Stage(_("已作废"), end=True)

    sign = waiting.to(
        signed, _("签署协议"), by=[SIGNING_HEAD, SIGNING_ENTERPRISE], during=["list_fixed"], basis="五(一)2",
    )  # fmt: skip
    void = waiting.to(
        voided, _("作废"), by=SYSTEM,
        after=[f"transferbatch.{move}" for move in ("reopen", "withdraw", "terminate")],
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("协议签署")
        verbose_name_plural = _("协议签署")
