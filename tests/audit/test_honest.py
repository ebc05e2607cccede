"""Honest runs of any shape verify without a finding."""

import random
import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from apps.audit import seals
from apps.audit.models import Event, Seal, SealedHead
from apps.audit.streams import Entry, append, lock, now
from apps.audit.verify import verify

from .trail import Trail, make_people


@pytest.mark.parametrize("seed", range(12))
def test_an_honest_run_has_no_finding(db, seed):
    trail = Trail(seed=seed).grow(12)
    for _ in range(trail.random.randrange(3)):
        trail.act()

    report = verify()

    assert report.findings == [] and report.notes == []
    assert report.events == Event.objects.count()
    assert report.seals == Seal.objects.count()


def test_an_empty_trail_has_no_finding(db):
    assert verify().findings == []


def test_one_stream_verifies_alone(trail):
    [event, *_] = trail.grow(5).act()

    report = verify(f"{event.stream}/{event.stream_id}")

    assert (report.findings, report.streams) == ([], 1)


def test_what_is_not_yet_sealed_is_counted(trail):
    trail.grow(3)
    events = trail.act()

    report = verify()

    assert report.unsealed_events == len(events)
    assert report.unsealed_since == events[0].recorded_at


@pytest.mark.django_db(transaction=True)
def test_acts_and_seals_at_the_same_time_have_no_finding():
    people = [person.pk for person in make_people(6)]
    failures = []

    def work(task):
        try:
            task()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    def act_often(seed):
        trail = Trail.__new__(Trail)
        trail.random = random.Random(seed)
        for _ in range(25):
            trail.act(model=get_user_model(), streams=sorted(trail.random.sample(people, 3)))

    def seal_often():
        for _ in range(15):
            seals.take()

    tasks = [lambda seed=seed: act_often(seed) for seed in range(3)] + [seal_often, seal_often]
    threads = [threading.Thread(target=work, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert verify().findings == []
    for thread in threads:
        thread.join()
    seals.take()

    assert failures == []
    report = verify()
    assert (report.findings, report.unsealed_events) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_commits_after_the_seal_is_in_a_later_one():
    slow, quick = make_people(2)
    written, sealed = threading.Event(), threading.Event()
    user = get_user_model()

    def act_slowly():
        with transaction.atomic():
            append(user, lock(user, [slow.pk]), [Entry(stream_id=slow.pk, move="slow")], at=now())
            written.set()
            sealed.wait(20)
        connection.close()

    thread = threading.Thread(target=act_slowly)
    thread.start()
    assert written.wait(20)
    for _ in range(3):
        with transaction.atomic():
            append(user, lock(user, [quick.pk]), [Entry(stream_id=quick.pk, move="quick")], at=now())
        seals.take()
    sealed.set()
    thread.join()
    before = SealedHead.objects.filter(stream="actor", stream_id=slow.pk).count()
    seals.take()

    assert (before, SealedHead.objects.filter(stream="actor", stream_id=slow.pk).count()) == (0, 1)
    assert verify().findings == []
