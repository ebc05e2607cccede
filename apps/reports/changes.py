"""人员增减变动: who came into an area and who left it, between two days; 期末 = 期初 + 增 − 减.

A change within the area (another station of the same street, another street of the same county) is neither.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.documents.models import Paper
from apps.documents.papers import HandoverRecord
from apps.organisations.choices import ENTERPRISE_SIDE
from apps.organisations.models import Organisation
from apps.retirees.models import ManagementInterval, Retiree

from .area import Area, with_batch

CAME, MOVED_IN, DIED, MOVED_OUT, ENDED = "came", "moved_in", "died", "moved_out", "ended"
TYPES = {
    CAME: _("移交接收"),
    MOVED_IN: _("迁入"),
    DIED: _("死亡"),
    MOVED_OUT: _("迁出"),
    ENDED: _("终止管理"),
}
INCREASES = (CAME, MOVED_IN)
DECREASES = (DIED, MOVED_OUT, ENDED)


@dataclass(frozen=True)
class Change:
    """One line of the register."""

    retiree: Retiree
    at: datetime
    type: str
    body: Organisation
    station: Organisation | None
    other: Organisation | None
    batch: str
    paper: Paper | None

    @property
    def increase(self) -> bool:
        return self.type in INCREASES

    @property
    def title(self) -> str:
        return TYPES[self.type]


@dataclass(frozen=True)
class Balance:
    """The sums of a period; ``closing`` is counted, not computed."""

    opening: int
    closing: int
    numbers: dict[str, int]

    @property
    def increases(self) -> int:
        return sum(self.numbers.get(name, 0) for name in INCREASES)

    @property
    def decreases(self) -> int:
        return sum(self.numbers.get(name, 0) for name in DECREASES)

    @property
    def even(self) -> bool:
        return self.opening + self.increases - self.decreases == self.closing

    def of(self, names) -> list[tuple[str, int]]:
        return [(TYPES[name], self.numbers[name]) for name in names if self.numbers.get(name)]


def bounds(since: date, until: date) -> tuple[datetime, datetime]:
    """The first moment of a day and the last of another."""
    zone = timezone.get_current_timezone()
    start = datetime.combine(since, datetime.min.time(), zone)
    return start, datetime.combine(until + timedelta(days=1), datetime.min.time(), zone)


def balance(area: Area, since: date, until: date) -> Balance:
    """Count the area's people at both ends, and its changes by type, in three statements."""
    start, end = bounds(since, until)
    ends = area.intervals().aggregate(
        opening=Count("pk", filter=Q(period__contains=start)),
        closing=Count("pk", filter=Q(period__contains=end)),
    )
    numbers = Counter()
    for query in (_increases(area, start, end), _decreases(area, start, end)):
        by_type = query.order_by().values("gain", "to_kind", "died").annotate(heads=Count("pk"))
        for row in by_type:
            numbers[_type(row["gain"], row["to_kind"], row["died"])] += row["heads"]
    return Balance(ends["opening"], ends["closing"], dict(numbers))


def lines(area: Area, since: date, until: date) -> "Lines":
    """The changes of a period, newest first, ready to be cut into pages."""
    return Lines(area, *bounds(since, until))


class Lines:
    """A sequence of changes that reads only the slice it is asked for, in five statements."""

    def __init__(self, area: Area, start: datetime, end: datetime):
        self.area, self.start, self.end = area, start, end

    def __getitem__(self, wanted: slice) -> list[Change]:
        columns = (
            "retiree_id",
            "at",
            "gain",
            "to_kind",
            "to_id",
            "died",
            "manager_id",
            "station_id",
            "batch",
        )
        gains, losses = (query(self.area, self.start, self.end) for query in (_increases, _decreases))
        both = with_batch(gains).values(*columns).union(with_batch(losses).values(*columns), all=True)
        rows = list(both.order_by("-at", "retiree_id")[wanted])
        people = Retiree.objects.select_related("identity").in_bulk({row["retiree_id"] for row in rows})
        bodies = {row[name] for row in rows for name in ("manager_id", "station_id", "to_id")} - {None}
        offices = Organisation.objects.in_bulk(bodies)
        papers = _handover_records({row["batch"] for row in rows if row["batch"]})
        return [self._change(row, people, offices, papers) for row in rows]

    @staticmethod
    def _change(row, people, offices, papers) -> Change:
        return Change(
            retiree=people[row["retiree_id"]],
            at=row["at"],
            type=_type(row["gain"], row["to_kind"], row["died"]),
            body=offices[row["manager_id"]],
            station=offices.get(row["station_id"]),
            other=offices.get(row["to_id"]),
            batch=row["batch"] or "",
            paper=papers.get(row["batch"]) if row["gain"] else None,
        )


def _type(gain: bool, other_kind: str | None, died: bool) -> str:
    if gain:
        return CAME if other_kind is None or other_kind in ENTERPRISE_SIDE else MOVED_IN
    if other_kind:
        return MOVED_OUT
    return DIED if died else ENDED


def _increases(area: Area, start: datetime, end: datetime):
    """Intervals that begin in the period and do not merely follow another of the same area."""
    rows = area.intervals().filter(period__startswith__gt=start, period__startswith__lte=end)
    within = area.intervals().filter(
        retiree=OuterRef("retiree"), period__endswith=OuterRef("period__startswith")
    )
    before = ManagementInterval.objects.filter(
        retiree=OuterRef("retiree"), period__endswith=OuterRef("period__startswith")
    )
    return _told(rows.filter(~Exists(within)), before, at="period__startswith", gain=True)


def _decreases(area: Area, start: datetime, end: datetime):
    rows = area.intervals().filter(period__endswith__gt=start, period__endswith__lte=end)
    within = area.intervals().filter(
        retiree=OuterRef("retiree"), period__startswith=OuterRef("period__endswith")
    )
    after = ManagementInterval.objects.filter(
        retiree=OuterRef("retiree"), period__startswith=OuterRef("period__endswith")
    )
    return _told(rows.filter(~Exists(within)), after, at="period__endswith", gain=False)


def _told(rows, other, *, at: str, gain: bool):
    """Say on each row when, in which direction, from or to whom, and whether the person is dead."""
    return rows.annotate(
        at=F(at),
        gain=Value(gain, output_field=BooleanField()),
        to_kind=Subquery(other.values("manager__kind")[:1], output_field=CharField()),
        to_id=Subquery(other.values("manager")[:1]),
        died=Q(retiree__died_on__isnull=False),
    )


def _handover_records(numbers: set[str]) -> dict[str, Paper]:
    """The record of handover of each case, by the case's number."""
    found = Paper.objects.filter(case__number__in=numbers, kind=HandoverRecord.code)
    return {paper.case.number: paper for paper in found.select_related("case", "issuer").order_by("pk")}
