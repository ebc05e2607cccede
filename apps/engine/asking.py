"""What faces ask of one row: which moves there are for somebody, why not, and who could."""

from __future__ import annotations

from dataclasses import dataclass

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

    def moves_for(self, by) -> list[Option]:
        """The human moves that leave this row's stage, each with yes or no, why not, and who could."""
        judged = [(move, judge.verdict(self.pk, move, by=by)) for move in self.moves_from_here()]
        return [Option(move, not said.unmet, said.unmet, judge.who(move)) for move, said in judged]

    def moves_from_here(self) -> list[Move]:
        moves = self.machine.moves.values()
        return [move for move in moves if move.parties and self.stage in move.sources.names]
