"""How much a street is given: heads on the base date times the rate, or the amount of the band they fall in."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from apps.policies import rules
from apps.policies.keys import STARTUP_AMOUNTS, STARTUP_LIMITS
from apps.retirees.models import ManagementInterval

from .models import Kind

PER_HEAD = "allocation.per_head"


@dataclass(frozen=True)
class Reckoned:
    """One street's amount in 分, with the id of the rule row it comes from; ``band`` is none where a rate counts."""

    street: int
    heads: int
    band: int | None
    rule: int
    fen: int


def heads_on(day: dt.date, streets: Iterable[int]) -> dict[int, int]:
    """Return {street: how many people it managed at the end of a day}; streets with nobody are left out."""
    end = timezone.make_aware(dt.datetime.combine(day, dt.time.max))
    managed = ManagementInterval.objects.filter(manager__in=list(streets), period__contains=end)
    return dict(managed.values_list("manager").annotate(heads=Count("pk")).order_by("manager"))


def band_of(heads: int, limits: Sequence[int]) -> int:
    """Return in which band, counted from 1, a number falls; each limit belongs to the band below it.

    Source: 揭府办〔2005〕77号, 六(二): a fitting grant by the number managed; the bands themselves are rule rows.
    """
    return bisect_left(limits, heads) + 1


def reckon(kind: str, heads: dict[int, int], on: dt.date) -> tuple[list[Reckoned], list[int]]:
    """Return what each street is given by the rule rows of a day, and the ids of all rows used.

    Raises ``RuleMissing``.
    """
    if kind == Kind.YEARLY:
        rate = rules.value(PER_HEAD, on=on)
        shares = [Reckoned(pk, count, None, rate.id, count * rate.value) for pk, count in heads.items()]
        return shares, [rate.id]
    found = rules.values([*STARTUP_LIMITS, *STARTUP_AMOUNTS], on=on)
    limits = [found[key].value for key in STARTUP_LIMITS]
    amounts = [found[key] for key in STARTUP_AMOUNTS]
    shares = []
    for pk, count in heads.items():
        band = band_of(count, limits)
        shares.append(Reckoned(pk, count, band, amounts[band - 1].id, amounts[band - 1].value))
    return shares, [row.id for row in found.values()]
