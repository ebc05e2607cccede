"""Working time with interruptions: when the days of a clock that has stood still meanwhile are up."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from .workdays import Calendar, day_of


class Span(NamedTuple):
    """From when to when; an open one has no end."""

    start: datetime
    end: datetime | None


def due(runs: Sequence[Span], allowed: int, days: Calendar) -> datetime:
    """Return when so many working days are up for a clock that has run in these spans, and runs on in the last."""
    *closed, last = runs
    run = sum(days.between(day_of(span.start), day_of(span.end)) for span in closed)
    return days.due(last.start, allowed - run)


def without(span: Span, stops: Sequence[Span]) -> Iterator[Span]:
    """Cut the times of standstill out of a span."""
    start, end = span
    for stop in stops:
        if stop.end <= start or (end and stop.start >= end):
            continue
        if stop.start > start:
            yield Span(start, stop.start)
        start = stop.end
    if end is None or start < end:
        yield Span(start, end)
