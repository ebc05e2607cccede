"""Two dispatchers at once, and somebody who acts meanwhile: each row hears each alarm once, or not at all."""

import datetime as dt
from collections import Counter
from functools import partial

from apps.audit.models import Event, EventItem
from apps.audit.streams import now
from apps.cases.models import Case, CaseItem
from apps.clocks import alarms
from apps.engine.door import perform
from apps.notices.models import Notice
from apps.organisations.choices import Role
from tests.racing import at_once
from tests.worlds import RONGHUA, XINXING, Person, town_for_real

__all__ = ["town_for_real"]

YESTERDAY = dt.timedelta(days=1)


def run_out(case) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=now() - YESTERDAY)
    CaseItem.objects.filter(case=case.pk, due_at__isnull=False).update(due_at=now() - YESTERDAY)


def test_four_dispatchers_sound_each_alarm_once(town_for_real):
    world = town_for_real
    case = world.batch("handing_over", [Person(residence=(RONGHUA, XINXING)[n % 2]) for n in range(20)])
    for street in (RONGHUA, XINXING):
        head = world.by(Role.STREET_HEAD, street)
        for item in world.items(case).filter(organisation=head.organisation):
            perform(item, "receive", by=head)
    run_out(case)
    at_once(*[partial(alarms.fire, 7)] * 4)
    while alarms.fire(7):
        pass
    heard = EventItem.objects.filter(event__machine="transferitem", event__move="overdue")
    assert Counter(heard.values_list("row_id", flat=True)) == dict.fromkeys(
        world.items(case).values_list("pk", flat=True), 1
    )
    assert sum(Notice.objects.filter(kind="overdue").values_list("facts__rows", flat=True)) >= 20


def test_who_acts_in_the_last_moment_is_not_called_late(town_for_real):
    world = town_for_real
    case = world.batch("submitted", 1)
    run_out(case)
    clerk = world.authority(case, Role.RMO_CLERK)
    at_once(partial(perform, case, "accept", by=clerk), partial(alarms.fire, 1000))
    moves = list(
        Event.objects.filter(stream="case", stream_id=case.pk, move__in=["accept", "overdue"])
        .order_by("seq")
        .values_list("move", flat=True)
    )
    assert moves in (["accept"], ["overdue", "accept"])
