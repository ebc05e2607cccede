"""The schedule: once in a slot whoever schedules, and no message where one lies already."""

import time
from datetime import timedelta

import pytest

from apps.jobs import schedule
from apps.jobs.models import Job, Now, Status
from apps.jobs.queue import enqueue, run_due
from apps.jobs.schedule import Schedule, tidy

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """The messages sent so far."""
    messages = []
    monkeypatch.setattr(schedule, "send", lambda: messages.append("wake"))
    return messages


@pytest.fixture
def hourly(named):
    def nothing(job): ...

    return named(nothing, seconds=3600)


def at(monkeypatch, hour):
    monkeypatch.setattr(schedule, "_server_seconds", lambda: hour * 3600.0)


def test_two_schedulers_add_one_job_a_slot(hourly, sent, monkeypatch):
    at(monkeypatch, 1)
    Schedule().tick()
    Schedule().tick()
    assert Job.objects.filter(kind=hourly).count() == 1


def test_the_next_slot_brings_the_next_job(hourly, sent, monkeypatch):
    one = Schedule()
    for hour in (1, 1, 2):
        at(monkeypatch, hour)
        one.tick()
        run_due()
    assert list(Job.objects.filter(kind=hourly).order_by("slot").values_list("slot", flat=True)) == [1, 2]


def test_what_still_waits_is_not_heaped_up(hourly, sent, monkeypatch):
    one = Schedule()
    for hour in (1, 2, 3):
        at(monkeypatch, hour)
        one.tick()
    assert Job.objects.filter(kind=hourly).count() == 1


def test_a_forgotten_job_is_told_of_but_not_twice(named, sent, monkeypatch):
    def nothing(job): ...

    one = Schedule()
    one.slots = {"tests.nothing": 0}
    monkeypatch.setattr(one, "add_slots", lambda: 0)
    monkeypatch.setattr(schedule, "queued", lambda: bool(sent))
    enqueue(named(nothing))
    one.tick()
    assert sent == []
    Job.objects.update(not_before=Now() - timedelta(seconds=10))
    one.tick()
    one.tick()
    assert sent == ["wake"]


def test_what_was_done_long_ago_is_forgotten_and_what_is_dead_is_kept(named):
    def nothing(job): ...

    kind = named(nothing)
    ended = [(Status.DONE, 100, None), (Status.DONE, 2, 7), (Status.DONE, 2, None), (Status.DEAD, 100, None)]
    for status, days, slot in ended:
        Job.objects.create(kind=kind, status=status, slot=slot, ended_at=Now() - timedelta(days=days))
    tidy(None)
    assert list(Job.objects.order_by("id").values_list("status", "slot")) == [("done", None), ("dead", None)]


def test_the_clock_of_the_slots_is_the_servers_own(db):
    assert abs(schedule._server_seconds() - time.time()) < 60
