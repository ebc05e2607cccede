"""Whose work is under way: the request, job, post and act that log lines and job rows name.

`with under(request="…"):` around a request, `with under(request=…, job=12):` around a job's run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_facts: ContextVar[dict[str, Any] | None] = ContextVar("trace", default=None)


@contextmanager
def under(**facts: Any) -> Iterator[None]:
    """Name the work done in this block, beside the work it is part of; ids and codes, never personal data."""
    token = _facts.set(current() | facts)
    try:
        yield
    finally:
        _facts.reset(token)


def add(**facts: Any) -> None:
    """Say more of the work under way; where none is, nobody is told."""
    known = _facts.get()
    if known is not None:
        known.update(facts)


def current() -> dict[str, Any]:
    """Return what is known of the work under way."""
    return dict(_facts.get() or {})


def request_id() -> str:
    """Return the id of the request that the work began with, empty where it began with none."""
    return current().get("request", "")
