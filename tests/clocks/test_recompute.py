"""A rule or the calendar changes: open clocks are reckoned anew, with a record of who and why."""

from datetime import date

import pytest

from apps.audit.models import Event
from apps.calendar.models import HolidayNotice
from apps.clocks import alarms, recompute
from apps.engine.door import perform
from apps.organisations.choices import Role
from apps.policies import holidays, rules
from apps.policies.models import Document, Rule
from tests.clocks.test_dues import limit, suspend
from tests.engine.scenes import again
from tests.worlds import CITY

DAY_OFF = {date(2026, 3, 5): (False, "台风停工")}


@pytest.fixture
def notice(world):
    """Enters and approves a notice on days off."""

    def enter(days=DAY_OFF, **facts):
        facts = {"title": "临时放假", "number": "揭府办〔2026〕1号"} | facts
        entered = holidays.propose(by=world.by(Role.RMO_REVIEWER, CITY), days=days, **facts)
        return holidays.approve(entered, by=world.by(Role.RMO_HEAD, CITY))

    return enter


def take_into_account() -> None:
    """Do the work until all is done."""
    state = {}
    while state is not None:
        state = recompute.part(state)


def reckoned(case) -> list[Event]:
    return list(Event.objects.filter(stream="case", stream_id=case.pk, move="reckon"))


def test_a_day_off_of_the_place_moves_the_limits_that_span_it(world, at, notice):
    at("2026-03-02")
    case = world.batch("allocating", 3)
    items = list(world.items(case))
    assert {limit(item) for item in items} == {"2026-03-16"}
    notice()
    take_into_account()
    assert {limit(item) for item in items} == {"2026-03-17"}
    of_items = next(event for event in reckoned(case) if event.machine == "transferitem")
    assert (of_items.items_count, of_items.person_id) == (3, None)
    assert (of_items.given["from"], of_items.given["to"]) == ("2026-03-16", "2026-03-17")
    assert of_items.given["notice"] == "临时放假（揭府办〔2026〕1号）"
    assert of_items.given["approved_by"] == world.by(Role.RMO_HEAD, CITY).user.name


def test_it_is_taken_into_account_once(world, at, notice):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    notice()
    take_into_account()
    take_into_account()
    assert len(reckoned(case)) == 1


def test_a_year_that_is_entered_is_counted_from_then_on(world, at, notice):
    at("2026-12-29")  # the 30th, the 31st, then 4 to 6 January
    case = world.batch("submitted", 1)
    assert limit(case) == "2027-01-06"
    days = {
        date(2027, 1, 1): (False, "元旦"),
        date(2027, 1, 4): (False, "元旦"),
        date(2027, 1, 9): (True, ""),
    }
    notice(days, title="2027年部分节假日安排", number="国办发明电〔2026〕7号", year=2027)
    take_into_account()
    assert limit(case) == "2027-01-07"


def test_a_closed_case_keeps_the_dates_it_had(world, at, notice):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    perform(case, "withdraw", by=world.applicant(case, Role.ENT_HEAD), reason="不再移交")
    notice()
    take_into_account()
    assert reckoned(case) == []


def test_a_suspended_case_is_reckoned_when_it_goes_on(world, at, notice):
    at("2026-03-02")
    case = suspend(world, world.batch("submitted", 1), "2026-03-20")
    notice()
    take_into_account()
    assert reckoned(case) == []
    perform(case, "resume", by=world.authority(case, Role.RMO_HEAD), reason="结案")
    assert limit(case) == "2026-03-10"


def test_who_falls_due_later_is_no_longer_called_late(world, at, notice):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-10")
    alarms.fire(1000)
    assert again(case).rang == 2
    notice()
    take_into_account()
    assert (limit(case), again(case).rang) == ("2026-03-10", 0)


def test_a_rule_that_applies_from_today_on_reckons_what_came_in_today(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    rule = rules.propose(
        "transfer.acceptance",
        8,
        by=world.by(Role.RMO_REVIEWER, CITY),
        valid_from=date(2026, 3, 2),
        basis=Document.objects.first(),
    )
    rules.approve(rule, by=world.by(Role.RMO_HEAD, CITY))
    take_into_account()
    assert limit(case) == "2026-03-12"
    [event] = reckoned(case)
    assert event.rules == [{"id": rule.pk, "key": "transfer.acceptance", "value": 8}]


def test_nobody_approves_the_days_he_entered_himself(world):
    reviewer = world.by(Role.RMO_REVIEWER, CITY)
    entered = holidays.propose(by=reviewer, title="临时放假", number="1号", days=DAY_OFF)
    with pytest.raises(holidays.NoticeRefused, match="负责人核准"):
        holidays.approve(entered, by=reviewer)
    assert HolidayNotice.objects.get().approved_at is None


def test_a_year_that_came_with_the_system_is_not_entered_again(world):
    with pytest.raises(holidays.NoticeRefused, match="已随系统提供"):
        holidays.propose(
            by=world.by(Role.RMO_REVIEWER, CITY), title="安排", number="1号", days=DAY_OFF, year=2026
        )


def test_every_rule_that_was_seeded_is_taken_into_account(world):
    take_into_account()
    assert not Rule.objects.filter(approved_at__isnull=False, reckoned=False).exists()
