"""Which papers an act asks for where it is not one for each case: one a street, or with what only the act knows."""

from collections.abc import Iterable

from django.db.models import Count

from apps.cases.models import CaseItem

from .kinds import Wanted


def by_confirming_street(deed) -> Iterable[Wanted]:
    """One for each street that confirmed somebody: the list is fixed on its word."""
    return _by_street(CaseItem.objects.filter(case__in=deed.cases, stage="confirmed"))


def by_receiving_street(deed) -> Iterable[Wanted]:
    """One for each street that is to receive somebody."""
    return _by_street(CaseItem.objects.filter(case__in=deed.cases, stage="cleared"))


def by_disputing_street(deed) -> Iterable[Wanted]:
    """One for each street that disputed, with the people ruled on; they have not been sent elsewhere yet."""
    return [
        Wanted(case, street, {"items": items}) for (case, street), items in _by_present_street(deed).items()
    ]


def by_street_left_and_street_chosen(deed) -> Iterable[Wanted]:
    """For each street that people leave: one for it, and one for the street they are sent to instead."""
    chosen = deed.given["street"].pk
    return [
        Wanted(case, street, {"items": items, "left": left, "chosen": chosen})
        for (case, left), items in _by_present_street(deed).items()
        if left != chosen
        for street in (left, chosen)
    ]


def _by_present_street(deed) -> dict[tuple[int, int], list[int]]:
    """The people a deed is about, by case and the street they still stand with."""
    found: dict[tuple[int, int], list[int]] = {}
    for pk, case, street in deed.rows.order_by("pk").values_list("pk", "case", "organisation"):
        found.setdefault((case, street), []).append(pk)
    return found


def _by_street(items) -> list[Wanted]:
    found = (
        items.order_by("organisation__key").values_list("case", "organisation").annotate(heads=Count("pk"))
    )
    return [Wanted(case, street, {"heads": heads}) for case, street, heads in found]
