"""The demo's clock: shifted only where a database is marked, and never without a record."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from apps.audit import clock, seals
from apps.audit.anchors import streamed_models
from apps.audit.models import DemoMark, Event
from apps.audit.streams import now
from apps.audit.verify import verify

from .trail import Trail


@contextmanager
def as_owner():
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield
        cursor.execute("SET ROLE tuiguan_app")


@pytest.fixture
def demo(db, owner):
    """A database marked as a demo from its beginning."""
    with owner.unguarded():
        for table in ("audit_sealedhead", "audit_seal", "audit_eventitem", "audit_event"):
            owner.run(f"DELETE FROM {table}")
        for model in streamed_models():
            owner.run(
                f"UPDATE {model._meta.db_table} SET stream_seq = 0, stream_head = '' WHERE stream_seq > 0"
            )
    with as_owner():
        clock.mark_as_demo()
    return Trail(seed=5)


def test_a_working_database_keeps_its_clock(trail):
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert not clock.is_demo()
    with pytest.raises(clock.ClockRefused):
        clock.shift_to(timedelta(days=-1))
    trail.act()
    with pytest.raises(clock.ClockRefused), as_owner():
        clock.mark_as_demo()


def test_a_demo_lives_through_weeks_without_a_finding(demo):
    clock.move_to(datetime(2026, 3, 2, 9, tzinfo=UTC))
    demo.grow(4)
    clock.move_to(datetime(2026, 4, 2, 9, tzinfo=UTC))
    demo.grow(4)
    clock.move_to(datetime(2026, 3, 9, 9, tzinfo=UTC))
    demo.grow(4)
    clock.shift_to(timedelta(0))
    demo.grow(2)

    assert verify().findings == []
    assert set(Event.objects.values_list("demo", flat=True)) == {True}
    assert Event.objects.filter(recorded_at__month=4).exists()


def test_a_shift_without_its_record_is_found(demo):
    demo.grow(3)

    DemoMark.objects.update(shift=timedelta(days=-3))

    assert "clock" in {finding.kind for finding in verify().findings}


def test_a_mark_put_on_later_is_found(trail, owner):
    trail.grow(3)
    with owner.unguarded():
        owner.run("INSERT INTO audit_demo (id, shift, stream_seq, stream_head) VALUES (1, '0', 0, '')")
        trail.act()
        seals.take()

    assert {"demo", "clock"} <= {finding.kind for finding in verify().findings}
