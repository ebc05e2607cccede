"""Taking times and keeping figures: medians of rounds in which the rivals take turns."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from django.db import connection


@dataclass(frozen=True)
class Figure:
    """One measured value, and what it must be."""

    name: str
    value: float
    unit: str = "×"
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def asked(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""


@dataclass
class Figures:
    """Everything one run has found."""

    began: str
    found: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: float, **terms) -> None:
        self.found.append(Figure(name, round(value, 3), **terms))
        print(f"  {name}: {self.found[-1].value:g} {self.found[-1].unit}  {self.found[-1].note}", flush=True)

    def hold(self) -> bool:
        return all(figure.holds for figure in self.found)

    def facts(self) -> dict:
        return {
            "began": self.began,
            "ended": now(),
            "server": connection.cursor().connection.server_version,
            "figures": {
                figure.name: {
                    "value": figure.value, "unit": figure.unit, "asked": figure.asked, "holds": figure.holds,
                    "note": figure.note,
                }
                for figure in self.found
            },
        }  # fmt: skip

    def table(self) -> str:
        rows = [("figure", "value", "asked", "", "how")]
        for figure in self.found:
            verdict = ("ok" if figure.holds else "MISSED") if figure.asked else ""
            rows.append((figure.name, f"{figure.value:g} {figure.unit}", figure.asked, verdict, figure.note))
        widths = [max(len(row[place]) for row in rows) for place in range(4)]
        return "\n".join(
            "  ".join(
                [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]
            ).rstrip()
            for row in rows
        )


@dataclass(frozen=True)
class Spent:
    """How long something took: by the clock, and of this process's own time."""

    wall: float
    cpu: float


def spent(act: Callable[[], object]) -> Spent:
    """Do something and say what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def middle(rounds: list[Spent]) -> Spent:
    """The median round."""
    return Spent(median(one.wall for one in rounds), median(one.cpu for one in rounds))


def ratio(slow: list[Spent], fast: list[Spent]) -> float:
    """How many times faster, round by round, in the median: what slows the machine slows both of a round."""
    return median(theirs.wall / ours.wall for theirs, ours in zip(slow, fast, strict=True))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements sent meanwhile; BEGIN and COMMIT are not among them."""
    sent: list[str] = []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
