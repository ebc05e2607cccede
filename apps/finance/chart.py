"""Bars and a line of an account's months, drawn on the server as an SVG; the numbers stand in a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from .book import Point

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 760, 230, 84, 14, 30
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """A rectangle of the chart."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Everything the template draws: bars, the line of the balance, ticks and months with their places."""

    points: Sequence[Point]
    bars: list[Bar]
    line: str
    dots: list[tuple[float, float]]
    ticks: list[tuple[float, int]]
    months: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def draw(points: Sequence[Point]) -> Chart:
    """Return the chart of some months."""
    top = ceiling(max((max(one.income, one.exempted, one.balance) for one in points), default=0))
    room, base = (WIDTH - LEFT) / max(len(points), 1), HEIGHT - BOTTOM

    def height(fen: int) -> float:
        return round(max(fen, 0) / top * (base - TOP), 1)

    bars, dots, months = [], [], []
    for place, one in enumerate(points):
        x = LEFT + place * room
        for kind, fen, shift in (("income", one.income, 0.16), ("exempted", one.exempted, 0.5)):
            if fen:
                bars.append(
                    Bar(
                        kind,
                        round(x + shift * room, 1),
                        base - height(fen),
                        round(room * 0.3, 1),
                        height(fen),
                    )
                )
        dots.append((round(x + room / 2, 1), base - height(one.balance)))
        months.append(
            (
                round(x + room / 2, 1),
                f"{one.month:%m}" if place and one.month.month > 1 else f"{one.month:%Y-%m}",
            )
        )
    ticks = [(base - height(top * part // 4), top * part // 4) for part in range(5)]
    return Chart(points, bars, " ".join(f"{x},{y}" for x, y in dots), dots, ticks, months)


def ceiling(fen: int) -> int:
    """The next round amount above, so that the scale reads well; at least 100 元."""
    whole = max(fen, 100_00)
    power = 10 ** (len(str(whole)) - 1)
    return next(step * power for step in STEPS if step * power >= whole)
