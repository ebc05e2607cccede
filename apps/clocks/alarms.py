"""Goes off when time runs out: whoever holds a row is reminded, then told it is late, then their superiors are.

A row carries how many alarms have gone off since it came into its stage; an alarm goes off once, for any
number of rows at once, with its event, in one transaction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from apps.audit.streams import ItemMoved, now
from apps.calendar.workdays import calendar, day_of, end_of
from apps.engine import participants, registry
from apps.engine.act import Act
from apps.engine.door import perform_all
from apps.notices.telling import Telling, tell
from apps.organisations.choices import Role
from apps.organisations.models import Organisation
from apps.policies import rules

from .standstill import running

REMINDER, ESCALATION = "clock.reminder", "clock.escalation"
LOOK_BACK = 400  # days of the calendar that reckoning backwards may need
HIGHEST = 2
"""So many steps up the tree of guidance an overdue row is reported."""


@dataclass(frozen=True)
class Alarm:
    """One alarm: its place in the order, its name in the trail, what is told, how far above the holder it is heard."""

    rang: int
    name: str
    title: str
    tells: str
    above: int = 0


ALARMS = (
    Alarm(1, "remind", _("临期提醒"), "reminder"),
    Alarm(2, "overdue", _("超期提醒"), "overdue"),
    *(Alarm(2 + step, "escalate", _("超期上报"), "escalated", step) for step in range(1, HIGHEST + 1)),
)


def conditions(at: datetime) -> dict[Alarm, Q]:
    """Return for each alarm the rows for which it is to go off: their time ran out so long ago, and it has not yet."""
    days = {key: rule.value for key, rule in rules.values([REMINDER, ESCALATION], on=at).items()}
    today = day_of(at)
    around = calendar(today - timedelta(days=LOOK_BACK))
    found = {}
    for alarm in ALARMS:
        if alarm.above:
            latest = end_of(around.after(today, -alarm.above * days[ESCALATION]))
            found[alarm] = Q(rang=alarm.rang - 1, due_at__lte=latest)
        elif alarm.name == "overdue":
            found[alarm] = Q(rang__lt=alarm.rang, due_at__lt=at)
        else:
            latest = end_of(around.after(today, days[REMINDER]))
            # Not on the day it came in: who has two days in all knows.
            since = end_of(today - timedelta(days=1))
            found[alarm] = Q(rang__lt=alarm.rang, due_at__range=(at, latest), stage_since__lte=since)
    return found


def waiting(model):
    """The rows of a machine whose clock runs while they wait on an office, with that office and its role."""
    rows = running(model).annotate(
        holder=participants.holder(model), holder_role=participants.holder_role(model)
    )
    return rows.filter(holder__isnull=False)


def fire(limit: int) -> int:
    """Let up to ``limit`` rows move or hear an alarm whose time has come; return how many did.

    First come the moves that the policy itself makes when time is up, so that nobody is told of what is over.
    """
    at, left = now(), limit
    moves = [move for model in registry.machines() for move in model.moves.values() if move.on_clock]
    for move in moves:
        left -= _lapse(move, at, left)
    for alarm, due in conditions(at).items():
        for model in registry.machines():
            left -= ring(model, alarm, due, left) if left else 0
    return limit - left


def _lapse(move, at: datetime, limit: int) -> int:
    """Make a move of the clock on rows whose time is up; those it may not be made on are left to the alarms."""
    rows = waiting(move.model).filter(stage__in=move.sources.names, due_at__lt=at)
    path = move.model.path_to_case()
    facts = rows.order_by("due_at", "pk").values_list("pk", "holder", "holder_role", path)[:limit]
    chosen = {pk: (office, role, case) for pk, office, role, case in facts}
    if not chosen:
        return 0
    with transaction.atomic():
        outcome = perform_all(move.model.rows().filter(pk__in=chosen), move.name, by=None)
        stayed = {pk for pks in outcome.stayed.values() for pk in pks}
        tell("lapsed", _counted(chosen[pk] for pk in chosen.keys() - stayed), at=at)
    return outcome.moved


def ring(model, alarm: Alarm, due: Q, limit: int) -> int:
    """Let one alarm of one machine go off for up to ``limit`` of the rows that are due, the longest overdue first.

    Steps: choose; lock the streams; look again at what was chosen; count the alarm; write the events; tell.
    """
    anchor, case = model.path_to_anchor(), model.path_to_case()
    hearer = Organisation.objects.filter(pk=OuterRef("holder"), lineage__len__gt=alarm.above)
    rows = waiting(model).annotate(hearer=Subquery(hearer.values(f"lineage__{alarm.above}")))
    rows = rows.filter(due, hearer__isnull=False)
    chosen = list(rows.order_by("due_at", "pk").values_list("pk", anchor, case)[:limit])
    if not chosen:
        return 0
    with transaction.atomic():
        act = Act(by=None)
        act.lock(
            {registry.anchor_model(model): {row[1] for row in chosen}},
            {registry.concrete(registry.models.AbstractCase): {row[2] for row in chosen}},
        )
        facts = rows.filter(pk__in=[row[0] for row in chosen]).values_list(
            "pk", anchor, case, "row_seq", "stage", "due_at", "hearer", "holder_role"
        )
        late = [Late(*fact) for fact in facts]
        model.rows().filter(pk__in=[row.pk for row in late]).update(rang=alarm.rang)
        act.at = now()
        act.cases = {row.case for row in late}
        _note(act, model, alarm, late)
        act.close()
        tell(alarm.tells, _tellings(alarm, late), at=act.at)
    return len(late)


class Late(NamedTuple):
    """A row for which an alarm goes off, and the office that hears it."""

    pk: int
    anchor: int
    case: int
    row_seq: int
    stage: str
    due_at: datetime
    hearer: int
    role: str


def _note(act: Act, model, alarm: Alarm, late: list[Late]) -> None:
    """One event for each stream, naming the rows the alarm concerns."""
    by_anchor = defaultdict(list)
    for row in late:
        by_anchor[row.anchor].append(row)
    for anchor, group in by_anchor.items():
        act.note(
            model,
            anchor,
            alarm.name,
            by=None,
            source=group[0].stage if len({row.stage for row in group}) == 1 else "",
            items=[ItemMoved(row.pk, row.row_seq, row.stage) for row in group] if model.anchor else (),
            # Whether a time limit was met is said of acts, and of its end; a reminder comes before both.
            due_at=None if alarm.name == "remind" else min(row.due_at for row in group),
            given={"above": alarm.above} if alarm.above else {},
        )


def _tellings(alarm: Alarm, late: list[Late]) -> list[Telling]:
    """Whom an alarm is told: who holds the rows; above them, who leads."""
    heads = (Role.RMO_HEAD, Role.STREET_HEAD)
    return _counted(
        (row.hearer, role, row.case) for row in late for role in (heads if alarm.above else (row.role,))
    )


def _counted(posts: Iterable[tuple[int, str, int]]) -> list[Telling]:
    """One telling for each case and post, with the number of rows."""
    return [
        Telling(office, role, case, {"rows": rows}) for (office, role, case), rows in Counter(posts).items()
    ]
