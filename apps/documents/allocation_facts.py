"""What the sheets of an allocation and of a start-up grant print: the shares as the act found them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import translation

from apps.allocations.models import Allocation, Kind, Share
from apps.audit.models import Event
from apps.organisations.models import Organisation
from apps.policies.keys import PURPOSES, STARTUP_LIMITS
from apps.policies.models import RuleStatus

from .kinds import Wanted
from .models import Paper
from .wording import capitals, chinese_date, yuan


def of_yearly(deed) -> Iterable[Wanted]:
    return _of(deed, Kind.YEARLY)


def of_start_up(deed) -> Iterable[Wanted]:
    return _of(deed, Kind.START_UP)


def _of(deed, kind: str) -> list[Wanted]:
    """One for each case of a kind, with its shares by value: (street, heads, band, rule's amount, amount)."""
    matters = Allocation.objects.filter(case__in=deed.cases, kind=kind).prefetch_related("rules")
    shares: dict[int, list] = {}
    columns = ("case", "organisation", "heads", "band", "rule__value", "fen")
    counted = Share._base_manager.filter(case__in=deed.cases, counts=True).order_by("organisation__key")
    for case, *share in counted.values_list(*columns):
        shares.setdefault(case, []).append(share)
    return [
        Wanted(
            one.case_id,
            facts={
                "year": one.year,
                "base_date": one.base_date.isoformat(),
                "purpose": one.purpose,
                "limits": [
                    rule.value for key in STARTUP_LIMITS for rule in one.rules.all() if rule.key == key
                ],
                "status": sorted({rule.status for rule in one.rules.all()} - {RuleStatus.VERIFIED}),
                "shares": shares.get(one.case_id, []),
            },
        )
        for one in matters.order_by("case")
    ]


def sheet(paper: Paper, event: Event) -> dict[str, Any]:
    """Each street's heads, its band or the rate, its amount; the total in figures and in capitals."""
    facts = paper.facts
    streets = Organisation.objects.in_bulk([street for street, *_rest in facts["shares"]])
    total = sum(fen for *_share, fen in facts["shares"])
    with translation.override("zh-hans"):
        purpose = str(PURPOSES[facts["purpose"]])
        status = "、".join(str(RuleStatus(one).label) for one in facts["status"])
    return {
        "year": facts["year"],
        "base_date": chinese_date(date.fromisoformat(facts["base_date"])),
        "purpose": purpose,
        "status": status,
        "heads": sum(heads for _street, heads, *_rest in facts["shares"]),
        "total": yuan(total),
        "capitals": capitals(total),
        "rows": [
            [place, streets[street].name, heads, _measure(band, rate, facts["limits"]), yuan(fen)]
            for place, (street, heads, band, rate, fen) in enumerate(facts["shares"], start=1)
        ],
    }


def _measure(band: int | None, rate: int, limits: list[int]) -> str:
    """The rate of a yearly allocation, or the band of a grant: 第2档（501人至2000人）."""
    if band is None:
        return f"{yuan(rate)} 元/人"
    least = limits[band - 2] + 1 if band > 1 else 1
    upto = f"至{limits[band - 1]}人" if band <= len(limits) else "以上"
    return f"第{band}档（{least}人{upto}）"
