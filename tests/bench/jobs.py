"""A job from enqueue to done against a plain Celery task, and what waking workers costs an act."""

import time
from contextlib import contextmanager
from statistics import median
from unittest import mock

from celery import current_app
from django.conf import settings
from django.db import transaction

from apps.engine.door import perform
from apps.jobs import queue
from project.running.demo import WORKER, spawn
from workflows.transfer import TransferBatch

from . import city
from .figures import Figures, middle, ratio, spent
from .work import KIND, counter

ROUNDS, JOBS = 7, 200
STEPS = 40
PATIENCE = 120


def measure(found: Figures) -> None:
    """Take both sides in turns, with one worker for both."""
    with worker():
        for side in (jobs, tasks):
            until_done(side, 5)
        a, b = [], []
        for turn in range(ROUNDS):
            for side, rounds in ((jobs, a), (tasks, b))[:: 1 if turn % 2 else -1]:
                rounds.append(spent(lambda side=side: until_done(side, JOBS)))
        note = (
            f"{JOBS / middle(a).wall:.0f} jobs/s, {JOBS / middle(b).wall:.0f} plain tasks/s, enqueue to done"
        )
        found.add("job_overhead", ratio(a, b), at_most=3, note=f"{note}; {current_app.conf.broker_url}")
    publishing(found)


def publishing(found: Figures) -> None:
    """The same step with a job, once waking workers and once not; none is there to compete for the processor."""
    clerk = city.holder("RMO_CLERK", city.CITY)
    batches = iter(city.cases(2 * ROUNDS * STEPS, "submitted", authorities=[clerk.organisation.pk], each=10))

    def steps(rows) -> None:
        for row in rows:
            with transaction.atomic():
                perform(row, "accept", by=clerk)
                queue.enqueue(KIND, by=clerk)

    def some() -> list:
        return list(TransferBatch.objects.filter(pk__in=[next(batches) for _row in range(STEPS)]))

    with_wake, without = [], []
    for turn in range(ROUNDS):
        for wakes in (True, False)[:: 1 if turn % 2 else -1]:
            rows = some()
            with mock.patch.object(queue, "wake", queue.wake if wakes else lambda: None):
                (with_wake if wakes else without).append(spent(lambda rows=rows: steps(rows)))
    share = median(one.cpu / other.cpu for one, other in zip(with_wake, without, strict=True))
    found.add(
        "step_publishing",
        share,
        at_most=1.15,
        note=f"process time of {STEPS} steps that wake a worker, over not",
    )


def jobs(number: int) -> None:
    """As acts would: each in a transaction of its own."""
    for _job in range(number):
        with transaction.atomic():
            queue.enqueue(KIND)


def tasks(number: int) -> None:
    for _task in range(number):
        current_app.send_task(KIND)


def until_done(side, number: int) -> None:
    counter().write_bytes(b"")
    side(number)
    deadline = time.monotonic() + PATIENCE
    while counter().stat().st_size < number:
        if time.monotonic() > deadline:
            raise AssertionError(f"{counter().stat().st_size} of {number} done")
        time.sleep(0.002)


@contextmanager
def worker():
    """A worker that knows the bench's work."""
    with (settings.TUIGUAN_DATA / "bench-worker.log").open("wb") as log:
        started = spawn(WORKER, stdout=log, stderr=log)
        try:
            yield
        finally:
            started.terminate()
            started.wait()
