"""Waking workers: an act neither waits for the broker nor fails with it, and many acts send one message."""

import threading

import pytest
from celery import current_app
from django.db import transaction

from apps.jobs import queue, wake
from apps.jobs.models import Job
from apps.jobs.queue import enqueue
from project.broker import Channel


@pytest.fixture
def sender(monkeypatch):
    """What the sending thread has sent; it waits between two messages until `go` is set."""
    sent, go = [], threading.Event()
    monkeypatch.setattr(wake, "send", lambda: sent.append("wake"))
    monkeypatch.setattr(wake.time, "sleep", lambda _seconds: go.wait(10))
    monkeypatch.setattr(wake, "_sender", None)
    monkeypatch.setattr(wake, "_asked", threading.Event())
    yield sent, go
    go.set()


def wait_for(condition):
    pause = threading.Event()
    for _turn in range(500):
        if condition():
            return True
        pause.wait(0.01)
    return False


def test_a_hundred_acts_send_two_messages(sender):
    sent, go = sender
    wake.wake()
    assert wait_for(lambda: len(sent) == 1)
    for _act in range(100):
        wake.wake()
    go.set()
    assert wait_for(lambda: len(sent) == 2)
    assert not wake._asked.is_set()


@pytest.mark.django_db(transaction=True)
def test_workers_are_woken_after_the_commit_and_not_for_what_is_rolled_back(named, monkeypatch):
    def nothing(job): ...

    woken, kind = [], named(nothing)
    monkeypatch.setattr(queue, "wake", lambda: woken.append("wake"))
    with transaction.atomic():
        enqueue(kind)
        assert woken == []
    assert woken == ["wake"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(kind)
        raise ZeroDivisionError
    assert (woken, Job.objects.filter(kind=kind).count()) == (["wake"], 1)


def test_a_broker_that_is_away_is_a_line_in_the_log(monkeypatch, caplog):
    def away(*_args, **_how):
        raise ConnectionRefusedError("amqp://user:password@host")

    monkeypatch.setattr(current_app, "send_task", away)
    assert wake.send() is False
    assert [record.getMessage() for record in caplog.records] == [
        "no worker could be woken: ConnectionRefusedError"
    ]


def test_a_message_in_the_folder_is_never_found_half_written(tmp_path):
    class Alone(Channel):
        def __init__(self):
            """Without a connection."""

        data_folder_out = data_folder_in = str(tmp_path)

    broker = Alone()
    broker._put("tuiguan", {"body": "wake"})
    (tmp_path / ".1_half.tuiguan.msg").write_text('{"bo')
    broker.store_processed = False
    assert (broker._size("tuiguan"), broker._get("tuiguan")) == (1, {"body": "wake"})
