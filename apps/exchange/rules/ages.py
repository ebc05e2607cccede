"""The retirement ages that V-12 compares with, by the dated rules; a warning only, for they await verification.

An ordinary age may rise: by one month for every so many months of later birth, counted from the day on which the
rule began, up to a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from apps.policies import seeds
from apps.policies.keys import RETIREMENT

Row = tuple[date, int]
GROUPS = {("特殊工种", "M"): "special_man", ("特殊工种", "F"): "special_woman", ("病退", "M"): "ill_man",
          ("病退", "F"): "ill_woman", ("正常", "M"): "man"}  # fmt: skip


@dataclass(frozen=True)
class Retirement:
    """The ages with their periods: the rows of each rule key, oldest first."""

    rows: Mapping[str, list[Row]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, date, int]]) -> Retirement:
        """Sort (key, first day, value) by key; other rules do not count."""
        found: dict[str, list[Row]] = {key: [] for key in RETIREMENT}
        for key, first_day, value in rows:
            if key in found:
                found[key].append((first_day, value))
        return cls({key: sorted(each) for key, each in found.items()})

    @classmethod
    def shipped(cls) -> Retirement:
        """The ages the product ships with."""
        return cls.of(
            (row["key"], date.fromisoformat(row["valid_from"]), int(row["value"]))
            for row in seeds.rows("rules.csv")
        )

    def earliest_month(self, sex: str, birth: date, kind: str, post: str, *, retired: date) -> date | None:
        """Return the first day of the earliest month of retirement, or None for kinds that have no age."""
        group = _group(sex, kind, post)
        if group is None:
            return None
        _since, years = self._on(f"retirement.age.{group}", retired)
        reached = _months_later(birth, years * 12)
        since, every = self._on(f"retirement.rise.{group}", reached)
        if not every:
            return reached
        _since, limit = self._on(f"retirement.limit.{group}", reached)
        later = (reached.year - since.year) * 12 + reached.month - since.month
        return _months_later(reached, min(limit, later // every + 1))

    def _on(self, key: str, day: date) -> Row:
        """The row in force on a day; before the first one, that one; nothing (0) where the key has none."""
        rows = self.rows.get(key, [])
        return next((row for row in reversed(rows) if row[0] <= day), rows[0] if rows else (day, 0))


def years_later(day: date, years: int) -> date:
    """Return the same day of the year some years later; 28 February for the 29th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _group(sex: str, kind: str, post: str) -> str | None:
    if kind == "正常" and sex == "F":
        return "cadre_woman" if post == "干部" else "woman"
    return GROUPS.get((kind, sex))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
