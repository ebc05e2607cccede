"""Working days by the State Council's yearly notices and the place's own, and when something falls due.

A year whose notice is not yet published counts weekends and the holidays of fixed date only, and says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from chinese_calendar.constants import holidays, workdays
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import prepared

FIRST_YEAR = min(holidays).year
LAST_YEAR = max(holidays).year
# New Year, Labour Day and National Day; the others move with the moon and the sun.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
END_OF_DAY = time(23, 59, 59)
ONE_DAY = timedelta(days=1)

# What later notices say goes before what earlier ones said.
ENTERED = """
SELECT notice.year, noted.day, noted.works FROM calendar_holidaynotice AS notice
LEFT JOIN calendar_noticeday AS noted ON noted.notice_id = notice.id AND noted.day >= %(since)s::date
WHERE notice.approved_at IS NOT NULL ORDER BY notice.approved_at, notice.id
"""


class CalendarMissing(LookupError):
    """No calendar reaches back to this day; the message says from when one does."""


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: what every installation knows, and the days entered in this one."""

    entered: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @property
    def provisional_from(self) -> int:
        """The first year whose holidays are not yet published; what falls due in it or later is provisional."""
        year = LAST_YEAR + 1
        while year in self.years:
            year += 1
        return year

    def works(self, day: date) -> bool:
        """Say whether people work on a day. Raises CalendarMissing before the first notice."""
        if day.year < FIRST_YEAR:
            raise CalendarMissing(
                _("工作日历自%(year)s年起，无法计算%(day)s。") % {"year": FIRST_YEAR, "day": day.isoformat()}
            )
        if (entered := self.entered.get(day)) is not None:
            return entered
        if day.year <= LAST_YEAR:
            return day in workdays or (day.weekday() < 5 and day not in holidays)
        off = day.year not in self.years and (day.month, day.day) in FIXED_HOLIDAYS
        return day.weekday() < 5 and not off

    def after(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which itself is not counted.

        With a negative n, the working day from which so many have gone by at the end of `day`.
        """
        step = ONE_DAY if n >= 0 else -ONE_DAY
        while n < 0 and not self.works(day):
            day += step
        for _counted in range(abs(n)):
            day += step
            while not self.works(day):
                day += step
        return day

    def between(self, day: date, last: date) -> int:
        """Count the working days after `day` up to and including `last`."""
        return sum(self.works(day + timedelta(days=n)) for n in range(1, (last - day).days + 1))

    def due(self, at: datetime, n: int) -> datetime:
        """Return the last second of the day on which n working days from `at` are up, by Chinese time."""
        return end_of(self.after(day_of(at), n))


def calendar(since: date) -> Calendar:
    """Return the calendar as it stands for days from `since` on: one statement."""
    return as_entered(prepared.rows(ENTERED, {"since": since}))


def as_entered(rows: Iterable[tuple[int, date | None, bool]]) -> Calendar:
    """Return the calendar that the rows of ``ENTERED`` make."""
    rows = list(rows)
    return Calendar(
        {day: works for _year, day, works in rows if day is not None},
        frozenset(year for year, _day, _works in rows),
    )


def is_provisional(at: datetime) -> bool:
    """Say whether a moment lies in or after a year whose holidays are not yet published.

    For pages: what was entered during the last minute may not be known yet.
    """
    year = day_of(at).year
    if year <= LAST_YEAR:
        return False
    return year >= cache.get_or_set(
        "provisional_from", lambda: calendar(date(LAST_YEAR + 1, 1, 1)).provisional_from, 60
    )


def day_of(at: datetime) -> date:
    """Return the day of a moment, by Chinese time."""
    return timezone.localtime(at).date()


def end_of(day: date) -> datetime:
    """Return the last second of a day, by Chinese time."""
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))
