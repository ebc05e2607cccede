"""Working days by the State Council's yearly notices, and when something falls due.

A year whose notice is not yet published counts weekends and the holidays of fixed date only, and says so.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from chinese_calendar.constants import holidays, workdays
from django.utils import timezone
from django.utils.translation import gettext as _

FIRST_YEAR = min(holidays).year
LAST_YEAR = max(holidays).year
# New Year, Labour Day and National Day; the others move with the moon and the sun.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
END_OF_DAY = time(23, 59, 59)


class CalendarMissing(LookupError):
    """No calendar reaches back to this day; the message says from when one does."""


class WorkingDay(NamedTuple):
    """A working day, and whether it rests on a year whose holidays are not yet published."""

    date: date
    provisional: bool


def working_day(day: date) -> WorkingDay | None:
    """Return the day when people work on it, else nothing. Raises CalendarMissing before the first notice."""
    if day.year < FIRST_YEAR:
        raise CalendarMissing(
            _("工作日历自%(year)s年起，无法计算%(day)s。") % {"year": FIRST_YEAR, "day": day.isoformat()}
        )
    provisional = day.year > LAST_YEAR
    off = (day.month, day.day) in FIXED_HOLIDAYS if provisional else day in holidays
    works = day in workdays or (day.weekday() < 5 and not off)
    return WorkingDay(day, provisional) if works else None


@lru_cache(maxsize=4096)
def working_days_after(day: date, n: int) -> WorkingDay:
    """Return the n-th working day after `day`, which itself is not counted.

    Raises CalendarMissing before the first notice.
    """
    found = WorkingDay(day, False)
    provisional = False
    for _counted in range(n):
        found = _next_working_day(found.date)
        provisional = provisional or found.provisional
    return WorkingDay(found.date, provisional)


def due(at: datetime, n: int, *, working: bool = True) -> datetime:
    """Return the last second of the day on which n days from `at` are up, by Chinese time.

    The day of `at` is not counted. `working` counts working days, else calendar days.
    """
    start = timezone.localtime(at).date()
    last = working_days_after(start, n).date if working else start + timedelta(days=n)
    return timezone.make_aware(datetime.combine(last, END_OF_DAY))


def _next_working_day(day: date) -> WorkingDay:
    while True:
        day += timedelta(days=1)
        if found := working_day(day):
            return found
