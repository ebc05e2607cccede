"""Money paid too much goes back: verified by the bureau, approved and paid by finance, each by another person.

Basis: 揭府办〔2005〕77号, section 六(一); the periods are settings.
"""

from django.utils.translation import gettext_lazy as _

from apps.documents.fee_papers import OriginalReceipt, RefundApproval, RefundRefusal
from apps.engine.words import Demand, Stage, days
from apps.fees.forms import PaidForm
from apps.fees.models import FeeRefund
from apps.fees.standing import account_holds
from apps.fees.taking import pay_back

from .parties import FISCAL_OFFICER, FISCAL_REVIEWER, RMO_REVIEWER

account_is_enough = Demand(_("财政专户余额足够"), account_holds)


class Refund(FeeRefund):
    """管理活动经费退付"""

    applied = Stage(_("待核实"), RMO_REVIEWER, within=days("refund.verification"), start=True)
    verified = Stage(_("待财政审批"), FISCAL_REVIEWER, within=days("refund.approval"))
    approved = Stage(_("待退款"), FISCAL_OFFICER, within=days("refund.payment"))
    paid = Stage(_("已退款"), end=True)
    refused = Stage(_("不予退付"), end=True)

    verify = applied.to(
        verified, _("核实"), by=RMO_REVIEWER, takes=[OriginalReceipt], basis="六(一)",
    )  # fmt: skip
    approve = verified.to(
        approved, _("批准退付"), by=FISCAL_REVIEWER, other_than=verify, gives=[RefundApproval], basis="六(一)",
    )  # fmt: skip
    pay = approved.to(
        paid, _("退款"), by=FISCAL_OFFICER, other_than=(verify, approve), needs=[account_is_enough],
        asks=PaidForm, does=pay_back, basis="六(一)",
    )  # fmt: skip
    refuse = (applied | verified).to(
        refused, _("不予退付"), by=[RMO_REVIEWER, FISCAL_REVIEWER], reason=True, gives=[RefundRefusal],
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("经费退付")
        verbose_name_plural = _("经费退付")


OVER = [Refund.paid.name, Refund.refused.name]
