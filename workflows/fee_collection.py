"""The one-off management fee of a batch: paid with a voucher, exempted by decision, or free by rule.

Basis: 揭府办〔2005〕77号, section 六(一). The full collection, with its ledger, replaces this short machine.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.documents.papers import ExemptionApproval, ExemptionDecision, PaymentNotice, PaymentVoucher
from apps.engine.words import SYSTEM, Demand, Stage, days
from apps.fees.forms import ExemptionForm, PaymentForm
from apps.fees.models import FeeAssessment
from apps.fees.settlement import record_exemption, record_payment, release, void_charges

from .parties import FEE_CLERK, GOV_APPROVER

something_due = Demand(_("有应缴金额"), Q(amount_fen__gt=0))
nothing_due = Demand(_("按规定免收"), Q(amount_fen=0))
exited_without_assets = Demand(
    _("单位状态为关闭、破产或退出"),
    Q(case__enterprise__enterprise__status__in=["BANKRUPT", "CLOSED", "EXITED", "EXITED_BEFORE"]),
)


class FeeCollection(FeeAssessment):
    """管理活动经费收缴"""

    assessed = Stage(_("已核定"), FEE_CLERK, within=days("fee.payment"), start=True)
    notified = Stage(_("待缴款"), FEE_CLERK, within=days("fee.payment"))
    paid = Stage(_("已缴清"), end=True)
    exempted = Stage(_("已豁免"), end=True)
    no_charge = Stage(_("免收"), end=True)
    voided = Stage(_("已作废"), end=True)

    notify = assessed.to(
        notified, _("发出缴款通知"), by=FEE_CLERK, needs=[something_due], during=["agreed"],
        gives=[PaymentNotice], basis="六(一)",
    )  # fmt: skip
    free = assessed.to(
        no_charge, _("按规定免收"), by=SYSTEM, needs=[nothing_due], during=["agreed"],
        after=["transferbatch.agree"], basis="六(一)",
    )  # fmt: skip
    settle = notified.to(
        paid, _("登记缴款"), by=FEE_CLERK, during=["clearing"], takes=[PaymentVoucher], asks=PaymentForm,
        does=record_payment, basis="六(一)",
    )  # fmt: skip
    exempt = notified.to(
        exempted, _("批准豁免"), by=GOV_APPROVER, during=["clearing"], needs=[exited_without_assets],
        takes=[ExemptionApproval], asks=ExemptionForm, does=record_exemption, gives=[ExemptionDecision],
        basis="六(一)",
    )  # fmt: skip
    void = (assessed | notified).to(
        voided, _("作废"), by=SYSTEM, does=void_charges,
        after=[f"transferbatch.{move}" for move in ("reopen", "renegotiate", "withdraw", "terminate")],
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("经费收缴")
        verbose_name_plural = _("经费收缴")


CLEARED = [stage.name for stage in (FeeCollection.paid, FeeCollection.exempted, FeeCollection.no_charge)]


def release_charges(deed) -> None:
    """Take people who will not be received out of what is not paid yet."""
    release(deed.ids, unpaid=[stage.name for stage in FeeCollection.moves["void"].sources])
