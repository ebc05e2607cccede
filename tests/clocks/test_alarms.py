"""Reminders, overdue notes and reports to the superiors: each goes off once, for one row and for thousands."""

from apps.audit.models import Event
from apps.cases.models import CaseItem, Participant
from apps.clocks import alarms
from apps.engine.door import perform
from apps.organisations.choices import Role
from tests.engine.scenes import again
from tests.workflows.test_exceptions import refuses
from tests.worlds import CITY, RONGCHENG, RONGHUA, XINXING, Person

NAMES = ("remind", "overdue", "escalate")


def heard(case) -> list[tuple[str, int]]:
    """The alarms on a case's stream, with the number of rows each concerned."""
    events = Event.objects.filter(stream="case", stream_id=case.pk, move__in=NAMES).order_by("seq")
    return list(events.values_list("move", "items_count"))


def reported_to(case) -> set[str]:
    """The bodies to which an overdue row of the case was reported."""
    rows = Participant.objects.filter(case=case.pk, escalated=True)
    return set(rows.values_list("organisation__key", flat=True))


def test_a_case_is_reminded_of_then_late_then_reported_upwards(world, at):
    """A county's batch, due on Monday the 9th; what lies two steps above the county does not exist."""
    at("2026-03-02")
    case = world.batch("submitted", 1, enterprise="ENT-006")
    heard_on = {}
    for day in ("02", "04", "05", "06", "09", "10", "11", "13", "16", "17", "20", "23", "24", "31"):
        at(f"2026-03-{day}")
        alarms.fire(1000)
        for name, _count in heard(case)[len(heard_on) :]:
            heard_on[f"{name}{len(heard_on)}"] = day
    assert heard_on == {"remind0": "05", "overdue1": "10", "escalate2": "16"}
    assert reported_to(case) == {CITY}


def test_a_street_is_reported_to_its_county_and_then_to_the_city(world, at):
    at("2026-03-02")
    case = world.batch("handing_over", [Person(), Person(), Person(residence=XINXING)])
    head = world.by(Role.STREET_HEAD, RONGHUA)
    receive = world.items(case).filter(organisation=head.organisation)
    for item in receive:
        perform(item, "receive", by=head)
    at("2026-03-06")
    alarms.fire(1000)
    assert ("remind", 2) in heard(case)  # two received people are to be entered in the ledger by the 9th
    at("2026-03-17")
    alarms.fire(1000)
    assert RONGCHENG in reported_to(case)
    at("2026-03-24")
    alarms.fire(1000)
    assert reported_to(case) >= {RONGCHENG, CITY}


def test_an_alarm_never_goes_off_twice(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-12")
    assert alarms.fire(1000) > 0
    before = heard(case)
    assert alarms.fire(1000) == 0
    assert heard(case) == before


def test_who_acts_is_no_longer_reported(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1, enterprise="ENT-006")
    at("2026-03-20")
    alarms.fire(1000)
    assert reported_to(case) == {CITY}
    perform(case, "accept", by=world.authority(case, Role.RMO_CLERK))
    assert reported_to(case) == set()
    assert again(case).rang == 0


def test_an_alarm_does_not_make_a_page_stale(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-12")
    alarms.fire(1000)
    perform(case, "accept", by=world.authority(case, Role.RMO_CLERK), seen=case.row_seq)
    assert again(case).stage == "accepted"


def test_a_suspended_case_is_not_nagged_about(world, at):
    from tests.clocks.test_dues import suspend

    at("2026-03-02")
    case = suspend(world, world.batch("submitted", 1), "2026-05-01")
    at("2026-04-02")
    alarms.fire(1000)
    assert heard(case) == []


def test_what_the_policy_ends_is_ended_and_not_called_late(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    case = perform(case, "correct", by=world.authority(case, Role.RMO_CLERK), reason_code="papers")
    at("2026-04-30")
    alarms.fire(1000)
    assert again(case).stage == "withdrawn"
    assert heard(case) == []


def test_forty_people_hear_an_alarm_in_the_statements_of_four(world, at, django_assert_max_num_queries):
    at("2026-03-02")
    for number in (4, 40):
        case = world.batch("handing_over", [Person() for _ in range(number)])
        head = world.by(Role.STREET_HEAD, RONGHUA)
        for item in world.items(case):
            perform(item, "receive", by=head)
    at("2026-03-12")
    overdue = next(alarm for alarm in alarms.ALARMS if alarm.name == "overdue")
    due = alarms.conditions(alarms.now())[overdue]
    items = CaseItem.objects.filter(stage="received")
    assert items.count() == 44
    with django_assert_max_num_queries(12):
        assert alarms.ring(world.items(case).model, overdue, due, 1000) == 44


def test_a_row_that_moves_meanwhile_hears_nothing(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-12")
    clerk = world.authority(case, Role.RMO_CLERK)
    perform(case, "accept", by=clerk)
    assert "当前环节" in refuses(case, "accept", by=clerk)
    overdue = next(alarm for alarm in alarms.ALARMS if alarm.name == "overdue")
    due = alarms.conditions(alarms.now())[overdue]
    assert alarms.ring(type(case), overdue, due, 1000) == 0
