"""What a drawing of a process is made of: pools of shapes and lines, and how wide words are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

LETTER, SMALL = 13, 11  # the height of a letter, and the width of a Chinese one
LINE = 16
TASK_WIDTH = 180
CURVE = 7
SIZES = {
    "start": (36, 36),
    "task": (TASK_WIDTH, 72),
    "gateway": (40, 40),
    "timer": (28, 28),
    "end": (36, 36),
}


@dataclass(eq=False)
class Node:
    """A shape at its upper left corner; ``host`` is the stage it belongs to, when it is not one itself."""

    id: str
    kind: str
    x: int
    y: int
    title: str = ""
    holder: str = ""
    host: Node | None = None

    @property
    def words(self) -> list[tuple[int, str, str]]:
        """What stands inside a stage, line by line: how far down, whether name or holder, and the text."""
        room = self.width - 12
        lines = [("name", line) for line in wrapped(self.title, room)]
        lines += [("holder", line) for line in wrapped(self.holder, room * LETTER // SMALL)]
        top = self.height // 2 - LINE * len(lines) // 2 + LETTER
        return [(top + LINE * place, *line) for place, line in enumerate(lines)]

    @property
    def width(self) -> int:
        return SIZES[self.kind][0]

    @property
    def height(self) -> int:
        return SIZES[self.kind][1]

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def centre(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(eq=False)
class Line:
    """A way from one shape to another; its name begins at ``name_at``."""

    source: Node
    target: Node
    points: list[tuple[int, int]]
    title: str = ""
    name_at: tuple[int, int] = (0, 0)

    @property
    def id(self) -> str:
        return f"{self.source.id}--{self.target.id.partition('.')[2]}"

    @property
    def path(self) -> str:
        """The line as an SVG path; round corners show which way it turns where others cross."""
        turns = zip(self.points, self.points[1:], self.points[2:], strict=False)
        curves = (
            f"L{_towards(here, before)} Q{here[0]} {here[1]} {_towards(here, after)}"
            for before, here, after in turns
        )
        (x, y), (to_x, to_y) = self.points[0], self.points[-1]
        return " ".join([f"M{x} {y}", *curves, f"L{to_x} {to_y}"])


@dataclass
class Pool:
    """One machine of the drawing. ``open`` are the lines that still have to reach their stage, by stage."""

    machine: type
    top: int
    height: int = 0
    nodes: list[Node] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    open: dict[Node, list[Line]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str(self.machine._meta.verbose_name)


@dataclass
class Drawing:
    """A process with everything that runs beside it."""

    process: type
    pools: list[Pool]
    width: int


def _towards(corner: tuple[int, int], point: tuple[int, int]) -> str:
    """The place on the way from a corner to a point where its curve begins or ends."""
    (x, y), (to_x, to_y) = corner, point
    return f"{x + _at_most(to_x - x)} {y + _at_most(to_y - y)}"


def _at_most(way: int) -> int:
    return max(-CURVE, min(CURVE, way // 2))


def width_of(text: str) -> int:
    """About how wide a text is: Chinese signs fill a square, others a little more than half of one."""
    return sum(100 if _is_wide(sign) else 56 for sign in text) * LETTER // 100


def wrapped(text: str, room: int) -> list[str]:
    """Break a text into lines no wider than ``room``: between words, and anywhere in Chinese."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(text: str) -> Iterator[str]:
    for word in text.split():
        if any(map(_is_wide, word)):
            yield from word
        else:
            yield f"{word} "


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"
