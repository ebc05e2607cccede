"""The words a process is written in: parties, demands, clocks, stages and moves.

A process is a Django proxy model whose attributes are these words. Nothing here acts: the door does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import django_fsm
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.policies import rules

Given = Mapping[str, Any]
passing: ContextVar[Move | None] = ContextVar("passing", default=None)
"""The move that the door is making right now; outside the door no transition is open."""


@dataclass(frozen=True)
class Party:
    """Who acts: a role, held at one of the organisations a row belongs to."""

    role: str
    office: str
    title: str

    def at(self, model) -> str:
        """The path to the organisation's id, so that it serves one row and a set."""
        return f"{model.offices[self.office]}_id"

    def known_to(self, model) -> bool:
        return self.office in model.offices


@dataclass(frozen=True)
class System:
    """The system itself: right after another move, or when a clock has run out."""

    title: str
    role: str = ""


SYSTEM = System(_("系统"))
CLOCK = System(_("系统（逾期）"))


@dataclass(frozen=True)
class Demand:
    """What a move needs: a sentence for people, a query for rows.

    Being a query it judges one row and a million rows alike. ``holds`` may be a function of what the
    move was given; ``of_given`` says that it cannot be judged before. Relations to many are written as
    ``Exists``, or a set of rows would multiply.
    """

    sentence: str
    holds: Q | Callable[[Given], Q]
    of_given: bool = False

    def query(self, given: Given) -> Q:
        return self.holds(given) if callable(self.holds) else Q(self.holds)


@dataclass(frozen=True)
class Reasons:
    """The closed list of reasons a move may give; a text may be added to any of them."""

    choices: Mapping[str, str]


@dataclass(frozen=True)
class Within:
    """How long a stage may last, in working days, by the rule row of the day it began."""

    key: str


def days(key: str) -> Within:
    return Within(key)


class Leaving:
    """What can be said of one stage and of several: the moves that leave them. One stage is a set of one."""

    def __iter__(self) -> Iterator[Any]:
        yield self

    def __or__(self, other: Stage | Stages) -> Stages:
        return Stages((*self, *other))

    def to(self, target: Stage, title: str, **terms) -> Move:
        return Move(Stages(self), target, title, **terms)

    def stays(self, title: str, **terms) -> Move:
        """A decision that is recorded and leaves the row where it is."""
        return Move(Stages(self), None, title, **terms)


class Stages(tuple, Leaving):
    """Several stages that one move may leave: ``(draft | submitted).to(withdrawn, …)``."""

    @property
    def names(self) -> list[str]:
        return [stage.name for stage in self]


@dataclass(eq=False)
class Stage(Leaving):
    """Where a row waits, for whom, and how long it may.

    ``rests``: nothing more is to be done here, though a later error may take the row up again. ``paused``: the
    ball is with the applicant. ``settled``: an item that waits here no longer keeps its case open. ``untimed``
    says why a waiting stage has no clock.
    """

    title: str
    holder: Party | None = None
    within: Within | None = None
    start: bool = False
    end: bool = False
    rests: bool = False
    paused: bool = False
    settled: bool = False
    untimed: str = ""
    items: str = ""
    name: str = field(default="", init=False)

    def opens(self, title: str, **terms) -> Move:
        """The move that brings a case into being at this stage."""
        self.start = True
        return Move(Stages(), self, title, **terms)

    def due(self, at: datetime) -> tuple[datetime | None, rules.RuleValue | None]:
        """Return when the time of what comes here now is up, and the rule row that says so. Raises ``RuleMissing``."""
        if self.within is None:
            return None, None
        return rules.due(self.within.key, at)

    def contribute_to_class(self, model, name):
        self.name = name
        model.stages = {**getattr(model, "stages", {}), name: self}
        setattr(model, name, self)


@dataclass(eq=False)
class Move:
    """A decision somebody may take; the model carries it as a django-fsm transition of the same name.

    ``asks`` is the Django form of what the move must be given (its attribute ``effective`` names the field that
    says on which day the act claims to hold), ``takes`` the kinds of paper that must be
    attached, ``gives`` the papers it issues, ``does`` one function over the moved set. ``during`` names the
    stages of the case in which an item may make it, ``touches`` the paths to further streams it writes to,
    ``after`` the moves that may enable one of the system's.
    """

    sources: Stages
    target: Stage | None
    title: str
    by: Party | System | Sequence[Party] = ()
    needs: Sequence[Demand] = ()
    takes: Sequence[type] = ()
    reason: Reasons | bool = False
    asks: type | None = None
    gives: Sequence[type] = ()
    does: Callable[[Any], None] | None = None
    other_than: Sequence[Move] | Move = ()
    during: Sequence[str] = ()
    touches: Sequence[str] = ()
    after: Sequence[Move | str] = ()
    despite_suspension: bool = False
    basis: str = ""
    name: str = field(default="", init=False)
    model: Any = field(default=None, init=False)

    def contribute_to_class(self, model, name):
        """django-fsm wants a decorator per target: a move that stays has one for each of its stages."""
        self.name, self.model = name, model
        model.moves = {**getattr(model, "moves", {}), name: self}

        def leave(row):
            """The door writes the row; the transition itself only changes the stage."""

        leave.__name__, leave.__doc__ = name, str(self.title)
        edges = [(stage.name, (self.target or stage).name) for stage in self.sources] or [
            ("", self.target.name)
        ]
        for source, target in edges:
            leave = django_fsm.transition(
                field="stage",
                source=source,
                target=target,
                conditions=[lambda row: passing.get() is self],
                custom={"move": self},
            )(leave)
        setattr(model, name, leave)

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who may make it; empty when only the system may."""
        if isinstance(self.by, System):
            return ()
        return (self.by,) if isinstance(self.by, Party) else tuple(self.by)

    @property
    def rivals(self) -> tuple[Move, ...]:
        """The moves whose actors may not make this one."""
        return (self.other_than,) if isinstance(self.other_than, Move) else tuple(self.other_than)

    @property
    def automatic(self) -> bool:
        return self.by is SYSTEM

    @property
    def on_clock(self) -> bool:
        return self.by is CLOCK

    @property
    def goes_on(self) -> bool:
        """Whether a clock that was paused may go on where it was left."""
        return bool(self.target and self.target.within) and any(stage.paused for stage in self.sources)


@dataclass(frozen=True)
class Shared:
    """Something that happens to a person or thing and concerns several machines: a death, a move away.

    A machine says in its own file what it does to it: ``on = {DIED: "end_by_death"}``. ``concerns`` names the
    attribute by which a machine says how its rows are found: the path to the person, or to another thing.
    """

    name: str
    title: str
    concerns: str = "person"
