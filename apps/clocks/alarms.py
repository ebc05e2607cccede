"""Goes off when time runs out: whoever holds a row is reminded, then told it is late, then their superiors are.

A row carries how many alarms have gone off since it came into its stage; an alarm goes off once, for any
number of rows at once, with its event, in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.audit.streams import ItemMoved, now
from apps.calendar.workdays import calendar, day_of, end_of
from apps.engine import participants, registry
from apps.engine.act import Act
from apps.engine.door import perform_all
from apps.organisations.models import Organisation
from apps.policies import rules

REMINDER, ESCALATION = "clock.reminder", "clock.escalation"
LOOK_BACK = 400  # days of the calendar that reckoning backwards may need
HIGHEST = 2
"""So many steps up the tree of guidance an overdue row is reported."""


@dataclass(frozen=True)
class Alarm:
    """One alarm: its place in the order, its name in the trail, and how far above the holder it is heard."""

    rang: int
    name: str
    title: str
    above: int = 0


ALARMS = (
    Alarm(1, "remind", _("临期提醒")),
    Alarm(2, "overdue", _("超期提醒")),
    *(Alarm(2 + step, "escalate", _("超期上报"), above=step) for step in range(1, HIGHEST + 1)),
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
    """The rows of a machine whose clock runs: they wait on an office, and their case is not suspended."""
    suspended = f"{model.case_path}__suspended_at" if model.case_path else "suspended_at"
    return (
        model.rows()
        .filter(due_at__isnull=False, **{f"{suspended}__isnull": True})
        .annotate(holder=participants.holder(model))
        .filter(holder__isnull=False)
    )


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
    rows = waiting(move.model).filter(stage__in=[stage.name for stage in move.sources], due_at__lt=at)
    chosen = list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    return perform_all(move.model.rows().filter(pk__in=chosen), move.name, by=None).moved if chosen else 0


def ring(model, alarm: Alarm, due: Q, limit: int) -> int:
    """Let one alarm of one machine go off for up to ``limit`` of the rows that are due, the longest overdue first.

    Steps: choose; lock the streams; look again at what was chosen; count the alarm; write the events; tell.
    """
    anchor = f"{model.anchor}_id" if model.anchor else "pk"
    case = f"{model.case_path}_id" if model.case_path else "pk"
    heard = Organisation.objects.filter(pk=OuterRef("holder"), lineage__len__gt=alarm.above)
    rows = waiting(model).filter(due, Exists(heard))
    chosen = list(rows.order_by("due_at", "pk").values_list("pk", anchor, case)[:limit])
    if not chosen:
        return 0
    with transaction.atomic():
        act = Act(by=None)
        act.lock(
            {registry.anchor_model(model): {row[1] for row in chosen}},
            {registry.concrete(registry.models.AbstractCase): {row[2] for row in chosen}},
        )
        facts = list(
            rows.filter(pk__in=[row[0] for row in chosen]).values_list(
                "pk", anchor, case, "row_seq", "stage", "due_at", "holder"
            )
        )
        model.rows().filter(pk__in=[fact[0] for fact in facts]).update(rang=alarm.rang)
        act.at = now()
        act.cases = {fact[2] for fact in facts}
        _note(act, model, alarm, facts)
        act.close()
    return len(facts)


def _note(act: Act, model, alarm: Alarm, facts: list[tuple]) -> None:
    """One event for each stream, naming the rows the alarm concerns."""
    by_anchor = defaultdict(list)
    for fact in facts:
        by_anchor[fact[1]].append(fact)
    for anchor, group in by_anchor.items():
        items = [ItemMoved(pk, seq, stage) for pk, _anchor, _case, seq, stage, _due, _holder in group]
        act.note(
            model,
            anchor,
            alarm.name,
            by=None,
            source=group[0][4] if len({fact[4] for fact in group}) == 1 else "",
            items=items if model.anchor else (),
            due_at=min(fact[5] for fact in group),
            given={"above": alarm.above} if alarm.above else {},
        )
