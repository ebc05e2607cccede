"""Several people at once: acts that queue for the same rows in a known order, or run freely side by side."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections, transaction

from apps.audit.streams import lock
from apps.cases.models import Case
from apps.engine.door import Refused

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
"""


@contextmanager
def nobody_passes(*cases) -> Iterator[None]:
    """Hold the cases' locks, so that whoever comes meanwhile stands in a queue."""
    with transaction.atomic():
        lock(Case, [case.pk for case in cases])
        yield


def queue(*acts: Callable, at) -> list:
    """Let the acts come one after the other while the cases are locked; return what became of each, in order."""
    with ThreadPoolExecutor(len(acts)) as pool:
        with nobody_passes(*at):
            futures = []
            for number, act in enumerate(acts, start=1):
                futures.append(pool.submit(outcome, act))
                until_waiting(number, futures)
        return [future.result(timeout=60) for future in futures]


def at_once(*acts: Callable) -> list:
    """Let the acts run freely side by side."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(outcome, acts))


def outcome(act: Callable):
    """What an act returned, or the refusal it met; any other error is raised."""
    try:
        return act()
    except Refused as refused:
        return refused
    finally:
        connections.close_all()


def until_waiting(number: int, futures: list[Future]) -> None:
    """Go on only when so many transactions wait for a lock (or an act is over already)."""
    until = time.monotonic() + 20
    while not any(future.done() for future in futures):
        assert time.monotonic() < until, f"{number} acts should be waiting"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= number:
                return


def fresh(row):
    return type(row).objects.get(pk=row.pk)
