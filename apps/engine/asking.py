"""What faces ask of one row: which moves there are for somebody, why not, and who could."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from . import judge, registry
from .words import Move


@dataclass(frozen=True)
class Option:
    """A move as somebody sees it: open to them, or what is unmet and who could act."""

    move: Move
    allowed: bool
    unmet: tuple[str, ...]
    who: str


class Asking:
    """A row's answers about itself; judged by the same code as the door."""

    @property
    def machine(self) -> type:
        """The process or machine that governs this row."""
        return registry.of_row(self)

    @property
    def at(self):
        """The stage the row waits in, with its title and holder; none for a stage that is no more."""
        return self.machine.stages.get(self.stage)

    def office(self, name: str):
        """The organisation that is this to the row; none where there is none."""
        return attrgetter(self.machine.offices[name].replace("__", "."))(self)

    def moves_for(self, by) -> list[Option]:
        """The human moves that leave this row's stage, each with yes or no, why not, and who could."""
        return [self._option(move, by) for move in self.moves_from_here()]

    def moves_from_here(self) -> list[Move]:
        return [
            move
            for move in self.machine.moves.values()
            if move.parties and any(source.name == self.stage for source in move.sources)
        ]

    def _option(self, move: Move, by) -> Option:
        verdict = judge.verdict(self.pk, move, by=by)
        return Option(move, not verdict.unmet, verdict.unmet, judge.who(move))
