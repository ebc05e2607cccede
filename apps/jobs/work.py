"""What work there is: the functions of every app's `work.py`, by kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Done:
    """The work is finished; `result` is shown on the job's page ("text", and "link" to what was made)."""

    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class More:
    """A part is finished: it is committed, and the function is called again with this `state`."""

    state: dict[str, Any]
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Work:
    """One kind of work, and how it is run."""

    kind: str
    title: str
    function: Callable
    seconds: int = 0
    own_transactions: bool = False
    may_stop: bool = True


WORK: dict[str, Work] = {}


def work(kind: str, *, title: str, own_transactions: bool = False, seconds: int = 0, may_stop: bool = True):
    """Name a function as work of a kind: it is handed the job and returns None, `Done` or `More`.

    It runs in the transaction that also marks the job done, so its effect on the database happens once. With
    `own_transactions` it runs outside, and again should it be killed: it must bear being run twice. What an act
    has already brought about, and only the work is left of it, nobody may stop.
    """

    def register(function):
        if kind in WORK:
            raise ValueError(f"two functions do the work {kind}")
        WORK[kind] = Work(kind, title, function, seconds, own_transactions, may_stop)
        return function

    return register


def every(kind: str, *, seconds: int, title: str, own_transactions: bool = False):
    """Name a function as work to be done once in so many seconds, however many schedulers there are."""
    return work(kind, title=title, own_transactions=own_transactions, seconds=seconds)
