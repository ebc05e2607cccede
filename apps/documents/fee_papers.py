"""The papers of the management fee, one class each."""

from django.utils.translation import gettext_lazy as _

from . import fee_asking, fee_facts
from .kinds import PaperKind


class AssessmentSheet(PaperKind):
    """PDF-14"""

    title = _("管理活动经费核定表")
    layout = "letter"
    renews = True
    hands = {"prepared": "assess"}
    wanted = staticmethod(fee_asking.as_assessed)
    tells = staticmethod(fee_facts.assessed)


class NoChargeStatement(PaperKind):
    """F10"""

    title = _("免收说明")
    layout = "letter"
    issuer = "authority"
    hands = {"prepared": "assess"}
    wanted = staticmethod(fee_asking.as_assessed)
    tells = staticmethod(fee_facts.assessed)


class PaymentNotice(PaperKind):
    """PDF-15"""

    title = _("缴款通知书")
    layout = "letter"
    issuer = "authority"
    renews = True
    remedy = "review"
    hands = {"prepared": "assess", "reviewed": "review", "approved": "issue"}
    wanted = staticmethod(fee_asking.of_first_assessments)
    tells = staticmethod(fee_facts.demanded)


class SupplementNotice(PaperKind):
    """F13"""

    title = _("补缴通知书")
    layout = "letter"
    issuer = "authority"
    remedy = "review"
    hands = {"prepared": "assess", "reviewed": "review", "approved": "issue"}
    wanted = staticmethod(fee_asking.of_supplements)
    tells = staticmethod(fee_facts.demanded)


class FiscalReceipt(PaperKind):
    """PDF-16: one for each payment, with what the fiscal system needs of it."""

    title = _("财政票据")
    layout = "letter"
    issuer = "about"
    hands = {"prepared": "take"}
    wanted = staticmethod(fee_asking.by_payment)
    tells = staticmethod(fee_facts.receipt)


class DunningNotice(PaperKind):
    """PDF-17"""

    title = _("催缴通知")
    layout = "letter"
    remedy = "review"
    wanted = staticmethod(fee_asking.as_assessed)
    tells = staticmethod(fee_facts.overdue)


class ClaimStatement(PaperKind):
    """PDF-18"""

    title = _("债权申报书")
    layout = "letter"
    wanted = staticmethod(fee_asking.as_assessed)
    tells = staticmethod(fee_facts.claimed)


class RefundApproval(PaperKind):
    """PDF-21"""

    title = _("退付审批表")
    layout = "letter"
    hands = {"prepared": "apply_for_refund", "reviewed": "verify", "approved": "approve"}
    wanted = staticmethod(fee_asking.as_refunded)
    tells = staticmethod(fee_facts.refunded)


class RefundRefusal(PaperKind):
    """PDF-21"""

    title = _("不予退付决定书")
    layout = "letter"
    remedy = "review"
    hands = {"prepared": "apply_for_refund"}
    wanted = staticmethod(fee_asking.as_refunded)
    tells = staticmethod(fee_facts.refunded)


class ClaimReceipt(PaperKind):
    """Taken, not given: what the liquidator signs for."""

    title = _("债权申报回执")


class OriginalReceipt(PaperKind):
    """Taken, not given: the payer's copy, or a declaration that it is lost."""

    title = _("原财政票据（付款方联）")
