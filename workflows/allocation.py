"""What the streets of a county are given: a yearly allocation from the special account, a start-up grant once in life.

Basis: 揭府办〔2005〕77号, sections 六(一) and 六(二); the rate, the bands and the periods are rule rows.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.allocations import standing
from apps.allocations.forms import OpeningForm, PaymentForm
from apps.allocations.opening import BY_THE_COUNTY, enter_allocation, open_allocation
from apps.allocations.paying import pay as pay_out
from apps.allocations.telling import particulars
from apps.cases.models import Case
from apps.documents.allocation_papers import AllocationSheet, StartUpSheet
from apps.engine.words import SYSTEM, Demand, Stage, days

from .allocation_share import OPEN, AllocationShare
from .demands import none
from .parties import FEE_CLERK, FISCAL_OFFICER, FISCAL_REVIEWER, RMO_REVIEWER

BASIS = "六(一)、六(二)"

streets_left = Demand(_("至少列有一个街道（乡镇）"), standing.streets_left)
purpose_allowed = Demand(_("财政专户的管理活动经费专款专用，用途在准予的范围内"), standing.purpose_allowed)
paid_by_the_county = Demand(BY_THE_COUNTY, standing.paid_by_the_county)
account_kept = Demand(_("该级财政部门已登记财政专户"), standing.account_kept)
account_holds = Demand(_("财政专户余额足够"), standing.account_holds)
everybody_reported = Demand(_("各街道（乡镇）的使用情况均已核收"), none(AllocationShare, stage__in=OPEN))


def calculate_shares(deed) -> None:
    enter_allocation(deed, AllocationShare)


class FundAllocation(Case):
    """经费拨付与开办费"""

    opening = classmethod(open_allocation)
    particulars = particulars
    offices = Case.offices | {"finance": "allocation__finance"}

    draft = Stage(_("拟拨"), FEE_CLERK, within=days("allocation.calculation"), items="allocationshare")
    calculated = Stage(pgettext_lazy("拨付", "已核算"), RMO_REVIEWER, within=days("allocation.review"))
    reviewed = Stage(pgettext_lazy("拨付", "已审核"), FISCAL_REVIEWER, within=days("allocation.approval"))
    approved = Stage(pgettext_lazy("拨付", "已批准"), FISCAL_OFFICER, within=days("allocation.payment"))
    paid = Stage(_("已拨付"), items="allocationshare")
    closed = Stage(_("已办结"), end=True)
    withdrawn = Stage(_("已撤回"), end=True)

    # the bureau counts the heads and reckons the shares; a second person of it reviews them
    calculate = draft.opens(
        _("核算拨付"), by=FEE_CLERK, asks=OpeningForm, does=calculate_shares, basis=BASIS,
    )  # fmt: skip
    submit = draft.to(
        calculated, _("提交审核"), by=FEE_CLERK, needs=[streets_left, purpose_allowed, paid_by_the_county],
        basis=BASIS,
    )  # fmt: skip
    withdraw = draft.to(withdrawn, _("撤回"), by=FEE_CLERK, reason=True)
    review = calculated.to(
        reviewed, _("审核"), by=RMO_REVIEWER, other_than=(calculate, submit),
        needs=[purpose_allowed, paid_by_the_county, account_kept], basis=BASIS,
    )  # fmt: skip

    # finance of the same level approves, and another person there pays
    approve = reviewed.to(
        approved, _("批准拨付"), by=FISCAL_REVIEWER, other_than=(calculate, submit, review),
        needs=[purpose_allowed, paid_by_the_county, account_holds], gives=[AllocationSheet, StartUpSheet],
        basis=BASIS,
    )  # fmt: skip
    pay = approved.to(
        paid, pgettext_lazy("办理", "拨付"), by=FISCAL_OFFICER, other_than=(calculate, submit, review, approve),
        needs=[purpose_allowed, paid_by_the_county, account_holds], asks=PaymentForm, does=pay_out, basis=BASIS,
    )  # fmt: skip
    send_back = calculated.to(draft, _("退回重核"), by=RMO_REVIEWER, reason=True)
    finance_sends_back = (reviewed | approved).to(
        draft, _("财政退回重核"), by=[FISCAL_REVIEWER, FISCAL_OFFICER], reason=True,
    )  # fmt: skip
    close = paid.to(
        closed, _("办结"), by=SYSTEM, needs=[everybody_reported], after=[AllocationShare.moves["accept"]],
        basis=BASIS,
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("经费拨付与开办费")
        verbose_name_plural = _("经费拨付与开办费")
