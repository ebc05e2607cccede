"""The largest acts: a hundred thousand rows in one event, a thousand streams in one act."""

from django.contrib.auth import get_user_model

from apps.audit.streams import Entry, append, lock, now
from apps.audit.verify import verify

from .trail import make_people


def test_a_hundred_thousand_rows_moved_in_one_act(db):
    [person] = make_people(1)
    heads = lock(get_user_model(), [person.pk])
    items = [(row, 1, "placed") for row in range(100_000)]

    append(get_user_model(), heads, [Entry(stream_id=person.pk, move="receive", items=items)], at=now())

    report = verify(f"actor/{person.pk}")
    assert (report.findings, report.items) == ([], 100_000)


def test_a_thousand_streams_in_one_act(db):
    people = [person.pk for person in make_people(1000)]

    for _ in range(5):
        heads = lock(get_user_model(), people)
        append(get_user_model(), heads, [Entry(stream_id=pk, move="accept") for pk in people], at=now())

    report = verify()
    assert report.findings == []
