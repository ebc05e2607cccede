"""What waits for an office: cases, and worklists of what belongs to them, oldest deadline first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Count, F, FilteredRelation, Min, Q, Value
from django.utils import timezone

from apps.audit.models import Event
from apps.cases.models import OPEN, Case, Participant
from apps.engine import participants, registry
from apps.engine.words import Stage

from .sight import acts_in

CAP = 1000  # lists say 999+ beyond

COUNTS = """
SELECT (SELECT count(*) FROM (SELECT FROM {seats} WHERE organisation_id = %(office)s AND open
                              AND due_at < %(today)s LIMIT %(cap)s) late),
       (SELECT min(due_at) FROM {seats} WHERE organisation_id = %(office)s AND open),
       (SELECT count(*) FROM (SELECT FROM {seats} WHERE organisation_id = %(office)s AND open
                              AND due_at >= %(today)s AND due_at < %(after_tomorrow)s LIMIT %(cap)s) near),
       (SELECT count(*) FROM (SELECT FROM {seats} WHERE organisation_id = %(office)s AND open LIMIT %(cap)s) waits),
       done.count, done.on_time
FROM (SELECT count(*), count(*) FILTER (WHERE due_at IS NULL OR recorded_at <= due_at) AS on_time
      FROM (SELECT due_at, recorded_at FROM {events} WHERE organisation_id = %(office)s
            AND recorded_at >= %(month)s AND machine <> '' LIMIT %(cap)s) acts) done
"""


@dataclass(frozen=True)
class Counts:
    """How many cases wait for an office, capped, and how many of its acts this month were in time."""

    late: int
    earliest: datetime | None
    near: int
    waiting: int
    done: int
    on_time: int


@dataclass(frozen=True)
class Line:
    """One line of the list: a case that waits, or some of its rows in one stage with their number."""

    case: Case
    model: type
    stage: Stage
    count: int
    due_at: datetime | None
    owner: tuple[int, str] | None
    waiting: bool
    may: bool  # this post may try a move on it
    mine: bool  # it waits on this very post

    @property
    def is_case(self) -> bool:
        return not self.model.case_path

    @property
    def anchor(self) -> str:
        """Where on the case page the rows stand."""
        return self.model._meta.model_name

    @property
    def title(self) -> str:
        return self.model._meta.verbose_name

    @property
    def claimable(self) -> bool:
        return self.is_case and self.mine and self.owner is None and self.stage.holder is not None

    @property
    def pick(self) -> str:
        """How a form names this line; empty where the present post has nothing to decide."""
        return f"{self.model._meta.model_name}@{self.case.pk}:{self.stage.name}" if self.may else ""


def days() -> tuple[datetime, datetime, datetime]:
    """The beginnings of today, of the day after tomorrow, and of this month."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today, today + timedelta(days=2), today.replace(day=1)


def counts(acting) -> Counts:
    """Count for one office in one statement."""
    today, after_tomorrow, month = days()
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTS.format(seats=Participant._meta.db_table, events=Event._meta.db_table),
            {
                "office": acting.organisation.pk,
                "today": today,
                "after_tomorrow": after_tomorrow,
                "month": month,
                "cap": CAP,
            },
        )
        return Counts(*cursor.fetchone())


def seats(acting, *, show: str = "open"):
    """The office's seats in cases, in the order of the list: what waits, what I am on, what is
    overdue below it, or all it may see."""
    rows = (
        Participant.objects.filter(organisation=acting.organisation)
        .select_related("case__applicant", "case__enterprise")
        .annotate(task=FilteredRelation("case__task", condition=Q(case__task__status__in=OPEN)))
        .annotate(owner_id=F("task__owner_id"), owner_name=F("task__owner__name"))
    )
    if show == "all":
        return rows.order_by("-case")
    if show == "reported":
        return rows.filter(escalated=True).order_by("-case")
    rows = rows.filter(open=True).order_by(F("due_at").asc(nulls_last=True), "case")
    return rows.filter(owner_id=acting.user.pk) if show == "mine" else rows


def lines(page: list, acting) -> list[Line]:
    """The lines of a page of seats: one per case and stage that waits here, else the case as it stands."""
    waiting = _waiting({seat.case_id for seat in page}, acting) if page else {}
    listed = []
    for seat in page:
        found = waiting.get(seat.case_id) or [(seat.case.process, seat.case.stage, 1, None)]
        for name, stage, count, due_at in sorted(found, key=lambda line: (line[3] is None, line[3])):
            model = registry.machine(name)
            at, waits = model.stages[stage], seat.case_id in waiting
            listed.append(
                Line(
                    case=seat.case,
                    model=model,
                    stage=at,
                    count=count,
                    due_at=due_at,
                    owner=(seat.owner_id, seat.owner_name) if seat.owner_id else None,
                    waiting=waits,
                    may=waits and bool(acts_in(model, stage, acting.role)),
                    mine=waits and at.holder.role == acting.role,
                )
            )
    return listed


def _waiting(cases: set[int], acting) -> dict[int, list]:
    """Per case what waits for the office, as (machine, stage, number, earliest deadline): one statement."""
    parts = []
    for model in registry.machines():
        holders = [
            where & Q(**{party.at(model): acting.organisation.pk})
            for where, party in participants.holding(model)
        ]
        if not holders:
            continue
        case = model.path_to_case()
        parts.append(
            model.rows()
            .filter(reduce(or_, holders), **{f"{case}__in": cases})
            .order_by()
            .annotate(_machine=Value(model._meta.model_name), _case=F(case))
            .values_list("_case", "_machine", "stage")
            .annotate(Count("pk"), Min("due_at"))
        )
    found = defaultdict(list)
    for case, *rest in parts[0].union(*parts[1:], all=True):
        found[case].append(rest)
    return found
