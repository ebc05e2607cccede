"""The retirement ages by date that V-12 compares with; a warning only, for the table awaits verification.

Up to the end of 2024: men 60, women of the cadre 55, other women 50; special trades 55 and 45, illness 50 and 45.
From 2025 the ordinary ages rise by a month for every so many months of later birth.
"""

from datetime import date
from typing import NamedTuple

RISING_FROM = date(2025, 1, 1)


class Age(NamedTuple):
    """An age in years, and how it rises: one month per `every` months, up to `at_most` months."""

    years: int
    every: int = 0
    at_most: int = 0


MAN, CADRE_WOMAN, WOMAN = Age(60, 4, 36), Age(55, 4, 36), Age(50, 2, 60)
EARLY = {
    ("特殊工种", "M"): Age(55),
    ("特殊工种", "F"): Age(45),
    ("病退", "M"): Age(50),
    ("病退", "F"): Age(45),
}


def earliest_month(sex: str, birth: date, kind: str, post: str) -> date | None:
    """Return the first day of the earliest month of retirement, or None for kinds that have no age."""
    age = _age(sex, kind, post)
    if age is None:
        return None
    reached = _months_later(birth, age.years * 12)
    if reached < RISING_FROM or not age.every:
        return reached
    since = (reached.year - RISING_FROM.year) * 12 + reached.month - RISING_FROM.month
    return _months_later(reached, min(age.at_most, since // age.every + 1))


def years_later(day: date, years: int) -> date:
    """Return the same day of the year some years later; 28 February for the 29th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _age(sex: str, kind: str, post: str) -> Age | None:
    if kind == "正常":
        if sex == "M":
            return MAN
        return CADRE_WOMAN if post == "干部" else WOMAN
    return EARLY.get((kind, sex))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
