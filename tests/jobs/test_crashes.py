"""A worker that was killed: its job is done by another, and one that kills its workers ends as dead."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from apps.jobs import crashes
from apps.jobs.models import Job, Status
from apps.jobs.queue import TRIES, enqueue
from apps.jobs.tasks import drain
from tests.jobs.test_queue import pass_time

KILLED = """
import os, signal
from django.conf import settings
settings.configure(TUIGUAN_DATA=__import__("pathlib").Path({data!r}))
from apps.jobs import crashes
with crashes.noted({job}):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "TUIGUAN_DATA", tmp_path)


def kill_a_worker_at(job: int) -> None:
    killed = KILLED.format(data=str(settings.TUIGUAN_DATA), job=job)
    subprocess.run([sys.executable, "-c", killed], cwd=Path(settings.BASE_DIR), check=False)


def test_a_killed_worker_leaves_word_of_its_job_once():
    kill_a_worker_at(7)
    assert (crashes.left_behind(), crashes.left_behind()) == ([7], [])


def test_a_living_worker_is_not_taken_for_a_killed_one():
    with crashes.noted(7):
        assert crashes.left_behind() == []


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_dead_after_five(named):
    def never_reached(job):
        raise AssertionError

    job = enqueue(named(never_reached))
    Job.objects.update(not_before=job.created_at.replace(year=2100))
    for _kill in range(TRIES):
        kill_a_worker_at(job.pk)
        drain()
    assert Job.objects.values_list("status", "cause").get() == (Status.DEAD, "WorkerKilled")


@pytest.mark.django_db
def test_a_killed_workers_job_is_done_by_the_next(named):
    def nothing(job): ...

    job = enqueue(named(nothing))
    kill_a_worker_at(job.pk)
    drain()
    assert Job.objects.get().tries == 1
    pass_time()
    drain()
    assert Job.objects.get().status == Status.DONE
