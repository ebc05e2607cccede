"""The demo's batches: each walked through the door to where it stands, on days of the demo's own clock.

Which rehearsal walks them is asked of the registry; no process is named here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.audit import clock
from apps.audit.streams import now
from apps.calendar.workdays import calendar
from apps.engine import registry
from apps.exchange import planted, template
from apps.exchange.synthetic import People, Town, cover_of
from apps.organisations.models import Organisation

MORNING = time(9, 0)
BETWEEN_ACTS = timedelta(minutes=3)


@dataclass(frozen=True)
class Batch:
    """One batch: whose, how many people, how many days ago it began, how far it went and what came then.

    ``slowly``: a working day for each stage; otherwise all of it on one day. ``exempt``: how far an application
    for exemption from its fee went.
    """

    enterprise: str
    people: int
    days_ago: int
    until: str
    then: tuple[tuple[str, dict], ...] = ()
    slowly: bool = True
    faults: bool = True
    exempt: str = ""


# In the order of their beginning, for the demo's clock only runs forward.
BATCHES = (
    Batch("WWDEM001-4", 1300, 200, "completed"),
    Batch("WWDEM015-3", 700, 110, "completed"),
    Batch("WWDEM010-2", 130, 47, "clearing", faults=False),
    Batch("WWDEM004-9", 40, 33, "clearing", slowly=False, faults=False, exempt="approved"),
    Batch("WWDEM009-X", 90, 28, "handing_over", (("receive", {"share": 0.5}), ("part", {}))),
    Batch("WWDEM003-0", 60, 12, "clearing", slowly=False, faults=False, exempt="gov_review"),
    Batch("WWDEM012-9", 160, 11, "ready", slowly=False, faults=False),
    Batch("WWDEM013-7", 120, 9, "submitted", slowly=False, faults=False),
    Batch("WWDEM007-3", 300, 8, "allocating", (("confirm", {"share": 0.6}),), slowly=False),
    Batch("WWDEM005-7", 90, 6, "submitted", (("ask_correction", {}),), slowly=False, faults=False),
    Batch("WWDEM011-0", 60, 4, "submitted", slowly=False),
)


class Clockwork:
    """The demo's clock while a batch is walked: a working morning for each stage, minutes between acts."""

    def __init__(self, now: datetime):
        self.now = timezone.localtime(now)
        self.moment = self.now - timedelta(days=max(batch.days_ago for batch in BATCHES) + 1)
        self.slowly = True

    def begin(self, batch: Batch) -> None:
        """Go to the first working morning after the day on which the batch began."""
        day = self.now.date() - timedelta(days=batch.days_ago)
        self.slowly = batch.slowly
        self._go(max(self.moment + BETWEEN_ACTS, self._morning_after(day)))

    def __call__(self, *, new_stage: bool) -> None:
        slow = new_stage and self.slowly
        self._go(self._morning_after(self.moment.date()) if slow else self.moment + BETWEEN_ACTS)

    def _go(self, moment: datetime) -> None:
        # Never past the real present: what happened lies behind whoever opens the demo.
        self.moment = min(moment, self.now)
        clock.move_to(self.moment)

    def _morning_after(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(calendar(day).after(day, 1), MORNING))


def build(tell=lambda batch, case: None) -> None:
    """Walk every batch of the demo, then let the clock run true."""
    work = Clockwork(now())
    for number, batch in enumerate(BATCHES):
        work.begin(batch)
        rehearsal = _rehearsal()(_enterprise(batch.enterprise), between=work)
        rehearsal.walk(
            _roster(batch, work.moment.date(), seed=number), f"{batch.enterprise}.xlsx", until=batch.until
        )
        for act, terms in batch.then:
            work(new_stage=True)
            getattr(rehearsal, act)(**terms)
        if batch.exempt:
            _rehearsal(about_something=True)(rehearsal.enterprise, between=work).walk(until=batch.exempt)
        rehearsal.case.refresh_from_db()
        tell(batch, rehearsal.case)
    clock.shift_to(timedelta(0))
    _rehearsal().afterwards()


def _rehearsal(*, about_something: bool = False):
    """The rehearsal of the process by which enterprises hand their retirees over, or of one about what follows."""
    return next(
        process.rehearsal()
        for process in registry.processes()
        if hasattr(process, "rehearsal") and bool(process.subjects) == about_something
    )


def _enterprise(org_code: str) -> Organisation:
    return Organisation.objects.get(enterprise__org_code=org_code)


def _roster(batch: Batch, on, *, seed: int) -> bytes:
    """The roster as a workbook, its people synthetic, with what the streets will decide in the remarks."""
    town = Town(on)
    company = town.enterprise(batch.enterprise)
    people = list(People(town, company, seed, lane=0).rows(batch.people))
    done = (
        planted.plant(people, on=on, seed=seed, formulas=True)
        if batch.faults
        else planted.Planted(batch.people)
    )
    book = io.BytesIO()
    template.write_roster(book, cover=cover_of(company, people, on), rows=people, formulas=done.formulas)
    return book.getvalue()
