"""What is asked of one row: which moves there are for somebody, why not, who could; what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from apps.audit.models import Event, EventItem

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
        judged = [(move, judge.verdict(self.pk, move, by=by)) for move in self.moves_from_here()]
        return [Option(move, not said.unmet, said.unmet, judge.who(move)) for move, said in judged]

    def moves_from_here(self) -> list[Move]:
        return [move for move in registry.leaving(self.machine, self.at) if move.parties]

    def events(self):
        """All events that moved this row, oldest first."""
        if not self.anchor:
            return Event.objects.filter(stream=self.STREAM, stream_id=self.pk).order_by("seq")
        moved = EventItem.objects.filter(row_id=self.pk).values("event")
        events = Event.objects.filter(machine=self.machine._meta.model_name, pk__in=moved)
        return events.order_by("recorded_at", "seq")
