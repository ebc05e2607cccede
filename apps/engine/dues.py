"""When a row's time is up: the working days its rule allows, less those its clock has run already.

A clock stands still while the case is suspended, and while the ball is with the applicant: who comes back
from a paused stage goes on where the clock was left. All of it is read from the events, so that a due date
can be reckoned anew at any time.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from apps.audit import prepared
from apps.audit.models import Event
from apps.calendar.spans import Span, due, without
from apps.calendar.workdays import calendar, day_of
from apps.policies import rules

from . import registry
from .models import AbstractCase

SUSPEND, RESUME = "suspend", "resume"
"""The moves by which every process stops its clocks and lets them go on."""
RENAME = "rename_stage"
"""What the trail calls it when a stage is called otherwise from then on."""

PUT = """
UPDATE {table} AS row SET due_at = reckoned.due_at
FROM unnest(%(ids)s::bigint[], %(dues)s::timestamptz[]) AS reckoned(id, due_at)
WHERE row.id = reckoned.id AND row.due_at IS DISTINCT FROM reckoned.due_at RETURNING row.id
"""


class Visit(NamedTuple):
    """A case's stay in a stage."""

    stage: str
    start: datetime


class Past(NamedTuple):
    """What the events say of a case's clocks: its stages in their order, and when it was suspended."""

    visits: list[Visit]
    stops: list[Span]


def reckon(model, ids: Sequence[int], *, at: datetime) -> dict[int, datetime]:
    """Return when the time of each row that waits against a clock is up, in a fixed number of statements.

    ``at`` ends a suspension whose end is not yet on record. Raises ``RuleMissing``.
    """
    timed = {name: stage for name, stage in model.stages.items() if stage.within}
    case = model.path_to_case()
    waiting = model.rows().filter(pk__in=ids, stage__in=timed)
    rows = list(waiting.values_list("pk", case, "stage", "stage_since"))
    if not rows:
        return {}
    past = pasts({row[1] for row in rows}, at=at)
    known = rules.timeline({stage.within.key for stage in timed.values()})
    runs = {pk: _runs(model, stage, since, past[of]) for pk, of, stage, since in rows}
    days = calendar(min(day_of(spans[0].start) for spans in runs.values()))
    until = cache(lambda spans, allowed: due(spans, allowed, days))
    return {
        pk: until(runs[pk], known.value(timed[stage].within.key, day_of(runs[pk][0].start)))
        for pk, _of, stage, _since in rows
    }


def put(model, dues: dict[int, datetime]) -> list[int]:
    """Write due dates; return the rows for which they are new."""
    values = {"ids": list(dues), "dues": list(dues.values())}
    found = prepared.rows(PUT.format(table=model._meta.db_table), values, once=False)
    return [pk for (pk,) in found]


def pasts(cases: set[int], *, at: datetime) -> dict[int, Past]:
    """Read from the events when each case came into which stage, and when it was suspended: one statement."""
    table = registry.concrete(AbstractCase)
    names = [process._meta.model_name for process in registry.processes()]
    events = Event.objects.filter(stream=table.STREAM, stream_id__in=cases, machine__in=names).order_by("seq")
    found: dict[int, Past] = defaultdict(lambda: Past([], []))
    facts = ("stream_id", "move", "source", "target", "recorded_at")
    for case, move, source, target, moment in events.values_list(*facts):
        visits, stops = found[case]
        if move == RENAME:
            visits[:] = [visit._replace(stage=target) if visit.stage == source else visit for visit in visits]
        elif target and target != source:
            visits.append(Visit(target, moment))
        if move == SUSPEND:
            stops.append(Span(moment, at))
        elif move == RESUME and stops:
            stops[-1] = Span(stops[-1].start, moment)
    return found


def _runs(model, stage: str, since: datetime, past: Past) -> tuple[Span, ...]:
    """The spans in which a row's clock has run; the last one is open."""
    spans = [Span(since, None)]
    if not model.case_path:
        visits = [visit for visit in past.visits if visit.start < since]
        while len(visits) > 1 and visits[-2].stage == stage and model.stages[visits[-1].stage].paused:
            spans.insert(0, Span(visits[-2].start, visits[-1].start))
            visits = visits[:-2]
    return tuple(run for span in spans for run in without(span, past.stops))
