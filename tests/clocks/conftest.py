"""The cast of the clocks' tests: the demo town, and a clock that can be put forward."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.audit import clock
from apps.audit.models import DemoMark
from tests.conftest import as_owner
from tests.worlds import standing_world, world

__all__ = ["standing_world", "world"]


def mark_as_demo() -> None:
    """Let this database shift its clock, whatever has happened in it."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    DemoMark.objects.create(id=1, shift=timedelta(0))


@pytest.fixture
def at(world):
    """Sets the clock to nine in the morning of a day, or to another hour."""
    as_owner(mark_as_demo)

    def move(day: str, hour: int = 9) -> None:
        clock.move_to(timezone.make_aware(datetime.combine(date.fromisoformat(day), time(hour))))

    return move
