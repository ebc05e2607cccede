"""Tomorrow's reminders, reports and lapses can be listed today, by whoever holds the rows or guides who does."""

from datetime import timedelta

from apps.audit.streams import now
from apps.calendar.workdays import day_of, end_of
from apps.clocks import alarms
from apps.clocks.coming import coming
from apps.engine.door import perform
from apps.organisations.choices import Role
from tests.worlds import CITY, PUNING, RONGCHENG, RONGHUA, Person


def listed(acting, days: int) -> list[tuple[str, str, int]]:
    until = end_of(day_of(now()) + timedelta(days=days))
    return [(str(line.what), line.office.key, line.count) for line in coming(acting, until)]


def test_what_is_listed_today_happens_tomorrow(world, at):
    at("2026-03-02")
    case = world.batch("handing_over", [Person(), Person()])
    head = world.by(Role.STREET_HEAD, RONGHUA)
    for item in world.items(case):
        perform(item, "receive", by=head)
    at("2026-03-15")
    alarms.fire(1000)
    county = world.by(Role.RMO_HEAD, RONGCHENG)
    assert ("超期上报", RONGHUA, 2) not in listed(county, 0)
    assert ("超期上报", RONGHUA, 2) in listed(county, 1)
    assert ("超期上报", RONGHUA, 2) in listed(head, 1)
    assert ("超期上报", RONGHUA, 2) not in listed(world.by(Role.RMO_HEAD, PUNING), 1)
    at("2026-03-16")
    alarms.fire(1000)
    assert ("超期上报", RONGHUA, 2) not in listed(county, 0)


def test_a_batch_that_is_about_to_lapse_is_listed_as_lapsing_and_not_as_late(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    perform(case, "correct", by=world.authority(case, Role.RMO_CLERK), reason_code="papers")
    at("2026-03-23")
    assert listed(world.by(Role.RMO_CLERK, CITY), 1) == [("逾期视为撤回", "ENT-001", 1)]
    assert listed(world.by(Role.ENT_CLERK, "ENT-015"), 1) == []


def test_the_list_takes_the_same_statements_for_any_number_of_cases(world, at, django_assert_num_queries):
    at("2026-03-02")
    city = world.by(Role.RMO_CLERK, CITY)
    for number in (1, 3):
        while len(listed(city, 7)) < number:
            world.batch("submitted", 1)
            at("2026-03-04")
        until = end_of(day_of(now()) + timedelta(days=7))
        with django_assert_num_queries(5):
            assert len(coming(city, until)) >= number
