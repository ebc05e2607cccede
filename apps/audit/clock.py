"""The clock of a demo: marking a database as one, and shifting its time. Every shift is an event."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from .models import DemoMark, Event
from .streams import Entry, actor_facts, append, lock, now

# The trigger on events takes the same number, shared.
_CLOCK = 20057701
# By so many seconds may a server's clock be set right without anybody having moved it.
CLOCK_STEP = 5.0


class ClockRefused(Exception):
    """The clock may not be moved; the message says why."""


def is_demo() -> bool:
    """Say whether this database is marked as a demo."""
    return DemoMark.objects.exists()


def mark_as_demo() -> None:
    """Mark an empty database as a demo, for good; only the database's owner may."""
    with transaction.atomic():
        if DemoMark.objects.exists():
            return
        if Event.objects.exists():
            raise ClockRefused(_("该数据库已有业务记录，不能再标记为演示库。"))
        mark = DemoMark.objects.create(id=1, shift=timedelta(0))
        append(DemoMark, lock(DemoMark, [mark.pk]), [Entry(stream_id=mark.pk, move="mark")], at=now())


def shift_to(shift: timedelta, *, by=None) -> None:
    """Set how far the demo's clock differs from the server's; waits for acts under way.

    Raises ClockRefused in a database that is not a demo.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLOCK])
        heads = lock(DemoMark, [1])
        if not heads:
            raise ClockRefused(_("只有演示库才能调整时钟。"))
        before = DemoMark.objects.values_list("shift", flat=True).get()
        DemoMark.objects.filter(id=1).update(shift=shift)
        seconds = {"from": str(before.total_seconds()), "to": str(shift.total_seconds())}
        entry = Entry(stream_id=1, move="shift", given=seconds, **actor_facts(by))
        append(DemoMark, heads, [entry], at=now())


def move_to(moment: datetime, *, by=None) -> None:
    """Set the demo's clock to a moment; it goes on running from there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        shift_to(moment - cursor.fetchone()[0], by=by)


@dataclass
class ClockRecord:
    """What the trail says of the clock: whether it may be shifted, and which event shifted it how far."""

    demo: bool
    now: float
    shift: float = 0.0
    events: list[int] = field(default_factory=list)
    shifts: list[float] = field(default_factory=list)

    @classmethod
    def read(cls) -> "ClockRecord":
        """Read the mark, the shifts in the order they were made, and the server's own moment."""
        mark = DemoMark.objects.first()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            record = cls(demo=mark is not None, now=cursor.fetchone()[0].timestamp())
        record.shift = mark.shift.total_seconds() if mark else 0.0
        made = Event.objects.filter(stream=DemoMark.STREAM, move="shift").order_by("id")
        for pk, given in made.values_list("id", "given"):
            record.events.append(pk)
            record.shifts.append(float(given["to"]))
        return record

    def true_time(self, event_id: int, recorded_at: datetime) -> float:
        """Return when an event was really recorded, in seconds."""
        place = bisect_right(self.events, event_id)
        return recorded_at.timestamp() - (self.shifts[place - 1] if place else 0.0)

    def faults(self) -> list[str]:
        """Say what is wrong with the clock itself."""
        said = []
        if self.shift != (self.shifts[-1] if self.shifts else 0.0):
            said.append(_("时钟的偏移没有记录在案。"))
        first = Event.objects.order_by("id").first()
        if self.demo and first and first.stream != DemoMark.STREAM:
            said.append(_("数据库是在已有业务记录之后才标记为演示库的。"))
        return said
