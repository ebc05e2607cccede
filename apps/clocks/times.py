"""Who took how long: the working days a case has spent with each party, and how many of them it stood still."""

from dataclasses import dataclass
from datetime import datetime

from apps.calendar.spans import Span, without
from apps.calendar.workdays import calendar, day_of
from apps.engine import dues


@dataclass
class Spent:
    """The working days a case has been with one party: in all, and of these suspended."""

    title: str
    gross: int = 0
    paused: int = 0

    @property
    def net(self) -> int:
        return self.gross - self.paused


def spent(case, *, at: datetime) -> list[Spent]:
    """Return the parties in the order in which they had the case, in three statements or fewer."""
    model = type(case)
    past = dues.pasts({case.pk}, at=at)[case.pk]
    visits = [visit for visit in past.visits if visit.stage in model.stages]
    if not visits:
        return []
    days = calendar(day_of(visits[0].start))
    found: dict[str, Spent] = {}
    ends = [visit.start for visit in visits[1:]] + [at]
    for visit, end in zip(visits, ends, strict=True):
        stage = model.stages[visit.stage]
        if stage.holder is None:
            continue
        party = found.setdefault(str(stage.holder.title), Spent(str(stage.holder.title)))
        span = Span(visit.start, end)
        run = sum(days.between(day_of(start), day_of(stop)) for start, stop in without(span, past.stops))
        gross = days.between(day_of(visit.start), day_of(end))
        party.gross += gross
        party.paused += gross - run
    return list(found.values())
