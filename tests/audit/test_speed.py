"""The trail keeps up with the largest acts; the bounds are loose, to hold on a busy machine."""

import time

import pytest
from django.contrib.auth import get_user_model

from apps.audit.streams import Entry, append, lock, now
from apps.audit.verify import verify

from .trail import make_people


@pytest.mark.speed
def test_a_hundred_thousand_rows_moved_in_one_act(db):
    [person] = make_people(1)
    heads = lock(get_user_model(), [person.pk])
    items = [(row, 1, "placed") for row in range(100_000)]
    began = time.perf_counter()

    append(get_user_model(), heads, [Entry(stream_id=person.pk, move="receive", items=items)], at=now())

    assert time.perf_counter() - began < 10
    report = verify(f"actor/{person.pk}")
    assert (report.findings, report.items) == ([], 100_000)
    assert report.seconds < 10


@pytest.mark.speed
def test_a_thousand_streams_in_one_act(db):
    people = [person.pk for person in make_people(1000)]
    began = time.perf_counter()

    for _ in range(5):
        heads = lock(get_user_model(), people)
        append(get_user_model(), heads, [Entry(stream_id=pk, move="accept") for pk in people], at=now())

    assert 5000 / (time.perf_counter() - began) > 1000
    report = verify()
    assert report.findings == []
    assert report.events_per_second > 1000
