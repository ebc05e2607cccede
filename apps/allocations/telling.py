"""What the page of an allocation tells of its matter, beside what every case page tells."""

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from .models import Allocation, Kind, Share


def particulars(case) -> list[tuple[str, object]]:
    """Kind, day and purpose, who pays, by which rules, and what it comes to."""
    matter = Allocation.objects.select_related("finance").prefetch_related("rules").get(case=case.pk)
    sums = Share._base_manager.filter(case=case.pk, counts=True).aggregate(
        streets=Count("pk"), heads=Sum("heads"), fen=Sum("fen"), used=Sum("used_fen")
    )
    from_account = matter.kind == Kind.YEARLY
    return [
        (_("拨付类别"), matter.get_kind_display()),
        (_("年度"), matter.year),
        (_("人数基准日"), matter.base_date),
        (_("用途"), matter.get_purpose_display()),
        (_("资金来源"), _("%s财政专户") % matter.finance if from_account else _("%s预算") % matter.finance),
        (_("街道（乡镇）数"), sums["streets"]),
        (_("管理人数合计"), sums["heads"]),
        (_("金额合计"), _yuan(sums["fen"])),
        (_("适用的规则"), _("；").join(_said(rule) for rule in matter.rules.all())),
        (_("拨付日期"), matter.paid_on),
        (_("拨款凭证号"), matter.slip),
        (_("已报使用金额"), _yuan(sums["used"])),
    ]


def _said(rule) -> str:
    return f"{rule.title} {rule.said}"


def _yuan(fen: int | None) -> str:
    return "" if fen is None else _("%(value)s 元") % {"value": f"{fen / 100:,.2f}"}
