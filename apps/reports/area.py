"""Whose people an office looks after: the management intervals of a station, a street, a county or the city."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from apps.cases.models import CaseItem
from apps.organisations.choices import Level, OrgKind
from apps.organisations.models import Organisation
from apps.retirees.models import ManagementInterval

KINDS = frozenset({OrgKind.RMO, OrgKind.STREET_RMO, OrgKind.COMMUNITY_STATION})


@dataclass(frozen=True)
class Part:
    """One body of an area and how many people it looks after; no body where none is named yet."""

    body: Organisation | None
    heads: int


@dataclass(frozen=True)
class Area:
    """The area of one body."""

    body: Organisation

    def intervals(self) -> QuerySet:
        """Every interval in which somebody of this area was, or is, responsible for a retiree."""
        if self.body.kind == OrgKind.COMMUNITY_STATION:
            return ManagementInterval.objects.filter(station=self.body)
        if self.body.kind == OrgKind.STREET_RMO:
            return ManagementInterval.objects.filter(manager=self.body)
        streets = Organisation.objects.below(self.body.pk).filter(kind=OrgKind.STREET_RMO)
        return ManagementInterval.objects.filter(manager__in=streets.values("pk"))

    def managed(self) -> QuerySet:
        """The intervals open now: one for each person of the area."""
        return self.intervals().filter(period__upper_inf=True)

    @property
    def parts_are(self) -> str:
        """The path from an interval to the bodies one level below; empty at a station."""
        if self.body.kind == OrgKind.COMMUNITY_STATION:
            return ""
        if self.body.kind == OrgKind.STREET_RMO:
            return "station"
        return "manager__superior" if self.body.level == Level.CITY else "manager"

    def parts(self) -> list[Part]:
        """How many people each body one level below looks after; together they are the area's total."""
        if not self.parts_are:
            return []
        numbers = dict(self.managed().order_by().values_list(self.parts_are).annotate(Count("pk")))
        bodies = Organisation.objects.in_bulk([pk for pk in numbers if pk])
        parts = [Part(bodies.get(pk), heads) for pk, heads in numbers.items()]
        return sorted(parts, key=lambda part: (part.body is None, part.body.key if part.body else ""))

    def holds(self, body: Organisation) -> bool:
        """Whether another body lies within this area."""
        return body.kind in KINDS and self.body.pk in body.lineage


def last_interval(retiree_id: int) -> ManagementInterval | None:
    """Who looks after a person now, or did last."""
    found = ManagementInterval.objects.filter(retiree=retiree_id).select_related("manager", "station")
    return found.order_by("-period").first()


def with_batch(intervals: QuerySet) -> QuerySet:
    """Name on each interval the case by which the person came to its manager."""
    came = CaseItem.objects.filter(retiree=OuterRef("retiree"), organisation=OuterRef("manager")).order_by(
        "-pk"
    )
    return intervals.annotate(batch=Subquery(came.values("case__number")[:1]))
