"""The share of one street: granted with the payment, reported on by the head of its office, accepted by the bureau.

Basis: 揭府办〔2005〕77号, sections 六(一) and 六(二).
"""

from django.utils.translation import gettext_lazy as _

from apps.allocations import standing
from apps.allocations.forms import UseForm
from apps.allocations.models import Share
from apps.allocations.paying import keep_use, let_go
from apps.documents.allocation_papers import UseReport
from apps.engine.words import SYSTEM, Demand, Stage, days

from .parties import FEE_CLERK, RMO_REVIEWER, STREET_HEAD

BASIS = "六(一)、六(二)"

within_the_share = Demand(_("使用金额不超过拨付金额"), standing.within_the_share, of_given=True)


class AllocationShare(Share):
    """街道（乡镇）拨付"""

    waiting = Stage(_("待拨付"), start=True)
    granted = Stage(_("已拨付，待报使用情况"), STREET_HEAD, within=days("allocation.report"))
    reported = Stage(_("已报使用情况"), RMO_REVIEWER, within=days("allocation.acceptance"))
    accepted = Stage(_("使用情况已核收"), end=True)
    left_out = Stage(_("不再列入"), end=True)

    leave_out = waiting.to(
        left_out, _("本次不列入"), by=FEE_CLERK, reason=True, does=let_go, during=["draft"],
    )  # fmt: skip
    drop = waiting.to(
        left_out, _("随撤回不再列入"), by=SYSTEM, does=let_go, after=["fundallocation.withdraw"],
    )  # fmt: skip
    grant = waiting.to(granted, _("拨付到街道（乡镇）"), by=SYSTEM, after=["fundallocation.pay"], basis=BASIS)
    report = granted.to(
        reported, _("报送使用情况"), by=STREET_HEAD, takes=[UseReport], asks=UseForm, does=keep_use,
        needs=[within_the_share], during=["paid"], basis=BASIS,
    )  # fmt: skip
    ask_again = reported.to(granted, _("退回重报"), by=RMO_REVIEWER, reason=True, during=["paid"])
    accept = reported.to(
        accepted, _("核收使用情况"), by=RMO_REVIEWER, other_than=report, during=["paid"], basis=BASIS,
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("街道（乡镇）拨付")
        verbose_name_plural = _("街道（乡镇）拨付")


OPEN = [AllocationShare.waiting.name, AllocationShare.granted.name, AllocationShare.reported.name]
