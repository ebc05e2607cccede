"""Appending to streams: gapless, chained, in few statements, and by nobody who has not locked."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.hashing import FACTS, JSON_FACTS, digest, plain, said
from apps.audit.models import Event, EventItem
from apps.audit.streams import Entry, Head, StreamMoved, append, lock, now, record

from .trail import make_offices, make_people

User = get_user_model()


def written(event):
    """The hash of what the database gives back."""
    row = Event.objects.values(*FACTS).get(pk=event.pk)
    return digest(said(row))


def test_events_of_a_stream_follow_one_another(db):
    [person] = make_people(1)
    first = record(person, "sign_in")
    second = record(person, "print", reason="发证", given={"number": Decimal("1.10")})
    person.refresh_from_db()

    assert [(e.seq, e.prev_hash) for e in (first, second)] == [(1, ""), (2, first.hash)]
    assert (person.stream_seq, person.stream_head) == (2, second.hash)
    assert [written(first), written(second)] == [first.hash, second.hash]


def test_several_entries_of_one_stream_are_chained_in_the_order_given(db):
    [person] = make_people(1)
    heads = lock(User, [person.pk])
    entries = [Entry(stream_id=person.pk, move=move) for move in ("accept", "assess", "clear")]

    events = append(User, heads, entries, at=now())

    assert [event.seq for event in events] == [1, 2, 3]
    assert heads == {person.pk: Head(3, events[2].hash)}
    assert len({event.act for event in events}) == 1


def test_an_act_is_recorded_under_its_actor_by_value(db):
    [person], [office] = make_people(1), make_offices(1)
    by = SimpleNamespace(
        user=person, post=SimpleNamespace(pk=5), organisation=office, role="RMO_CLERK", on_behalf=None
    )

    event = record(office, "rename", by=by)

    assert (event.person_id, event.post_id, event.organisation_id) == (person.pk, 5, office.pk)
    assert event.actor == {
        "person": "某人",
        "organisation": "某厂",
        "role": "RMO_CLERK",
        "post": 5,
        "on_behalf": "",
    }


@pytest.mark.parametrize("size", [1, 3])
def test_a_set_is_appended_in_two_statements(db, django_assert_num_queries, size):
    people = make_people(size)
    heads = lock(User, [person.pk for person in people])
    at = now()

    with django_assert_num_queries(2):
        append(User, heads, [Entry(stream_id=pk, move="receive", items=[(1, 1, "")]) for pk in heads], at=at)
    with django_assert_num_queries(1):
        append(User, heads, [Entry(stream_id=pk, move="receive") for pk in heads], at=at)


def test_items_are_kept_with_the_stage_they_left(db):
    [person] = make_people(1)
    strange = 'a"b\\c,{}'

    event = record(person, "receive", items=[(9, 2, "placed"), (4, 1, strange)])

    assert list(event.items.order_by("row_id").values_list("row_id", "row_seq", "source")) == [
        (4, 1, strange),
        (9, 2, "placed"),
    ]
    assert event.items_count == EventItem.objects.count() == 2


def test_saving_a_stale_row_leaves_its_head_alone(db):
    [person] = make_people(1)
    stale = User.objects.get(pk=person.pk)
    event = record(person, "sign_in")

    stale.name = "改名"
    stale.save()

    person.refresh_from_db()
    assert (person.name, person.stream_seq, person.stream_head) == ("改名", 1, event.hash)


def test_a_head_that_was_not_locked_is_refused(db):
    [person] = make_people(1)
    record(person, "sign_in")

    with pytest.raises((StreamMoved, DatabaseError)), transaction.atomic():
        append(User, {person.pk: Head()}, [Entry(stream_id=person.pk, move="again")], at=now())
    with pytest.raises(KeyError):
        append(User, {}, [Entry(stream_id=person.pk, move="again")], at=now())


@pytest.mark.parametrize("away", [timedelta(minutes=11), timedelta(minutes=-2)])
def test_the_database_refuses_another_moment_than_its_own(db, away):
    [person] = make_people(1)
    heads = lock(User, [person.pk])

    with pytest.raises(DatabaseError, match="recorded when it happened"), transaction.atomic():
        append(User, heads, [Entry(stream_id=person.pk, move="late")], at=now() - away)


@pytest.mark.parametrize("head", [Head(4, "ab" * 32), Head(1, "ab" * 32), Head(0, "ab" * 32)])
def test_the_database_refuses_an_event_that_does_not_follow(db, head):
    [person] = make_people(1)
    record(person, "sign_in")
    User.objects.filter(pk=person.pk).update(stream_seq=head.seq, stream_head=head.hash)

    with pytest.raises(DatabaseError), transaction.atomic():
        append(User, {person.pk: head}, [Entry(stream_id=person.pk, move="gap")], at=now())


def test_what_an_event_cannot_carry_is_named(db):
    [person] = make_people(1)

    with pytest.raises(TypeError, match="object"):
        record(person, "sign_in", given={"what": object()})


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.decimals()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.just(timezone(timedelta(hours=8))))
)
facts = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text("ab中", max_size=3), inner)
)


# The database is one for all examples, which only add to it.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(given=st.dictionaries(st.text("ab中", max_size=3), facts, max_size=4))
def test_whatever_an_act_is_given_comes_back_with_the_same_hash(db, given):
    [person] = make_people(1)

    event = record(person, "sign_in", given=given, due_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert written(event) == event.hash


def test_a_lazy_word_a_set_and_a_duration_are_kept_as_text():
    value = {
        "word": gettext_lazy("受理"),
        "set": {"b", "a"},
        "for": timedelta(seconds=2),
        "on": date(2026, 1, 2),
    }

    assert plain(value) == {"word": "受理", "set": ["a", "b"], "for": "2.0", "on": "2026-01-02"}


def test_every_fact_but_the_demo_mark_is_hashed():
    columns = {column.attname for column in Event._meta.concrete_fields}

    assert columns - set(FACTS) == {"id", "hash", "demo"}
    assert set(FACTS) > JSON_FACTS
    base = dict(FACTS)
    other = {name: uuid4().hex for name in FACTS}
    assert len({said({**base, name: other[name]}) for name in FACTS}) == len(FACTS)
