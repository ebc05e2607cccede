"""What is suspended or put off comes back: within a year, and whoever decides on it is told on the day, once."""

from datetime import date

import pytest

from apps.clocks import reviews
from apps.engine.door import Refused, perform
from apps.notices.models import Notice
from apps.organisations.choices import Role
from tests.worlds import CITY, RONGHUA, XINXING, Person

from .test_coming import listed


def told() -> list[tuple[int, str, int]]:
    reviews.hear()
    notices = Notice.objects.filter(kind="review").order_by("pk")
    return list(notices.values_list("case_id", "role", "facts__rows"))


def defer(world, item, day: str):
    perform(
        item, "defer", by=world.authority(item.case, Role.RMO_REVIEWER), reason_code="abroad",
        given={"review_on": date.fromisoformat(day)},
    )  # fmt: skip


def test_whoever_may_let_a_case_go_on_is_told_once_on_the_day(world, at):
    at("2026-03-02")
    case, head = world.batch("accepted", 1), world.by(Role.RMO_HEAD, CITY)
    perform(case, "suspend", by=head, reason="企业停产", given={"review_on": date(2026, 4, 1)})
    at("2026-03-31")
    assert told() == []
    assert ("复查提醒", CITY, 1) in listed(head, 1)
    at("2026-04-01")
    assert told() == told() == [(case.pk, Role.RMO_HEAD, 1)]
    assert ("复查提醒", CITY, 1) not in listed(head, 1)
    at("2026-05-06")
    perform(case, "resume", by=head, reason="已复产")
    perform(case, "suspend", by=head, reason="再次停产", given={"review_on": date(2026, 6, 1)})
    assert len(told()) == 1
    at("2026-06-02")
    assert told() == [(case.pk, Role.RMO_HEAD, 1)] * 2


def test_of_people_put_off_their_holder_is_told_by_the_day_and_not_of_who_came_back(world, at):
    at("2026-03-02")
    case = world.batch(
        "handing_over", [Person(RONGHUA), Person(RONGHUA), Person(XINXING), Person(), Person()]
    )
    days = ("2026-04-01", "2026-04-01", "2026-04-01", "2026-05-06")
    for item, day in zip(world.items(case), days, strict=False):  # one is undecided: the case stays open
        defer(world, item, day)
    back = world.items(case).first()
    perform(back, "resume", by=world.authority(case, Role.RMO_CLERK), reason="已回国")
    at("2026-04-02")
    assert told() == [(case.pk, Role.RMO_CLERK, 2)]
    at("2026-05-06")
    assert told() == [(case.pk, Role.RMO_CLERK, 2), (case.pk, Role.RMO_CLERK, 1)]


@pytest.mark.parametrize(("day", "allowed"), [("2027-03-02", True), ("2027-03-03", False)])
def test_a_day_of_review_lies_within_a_year(world, at, day, allowed):
    at("2026-03-02")
    case, head = world.batch("accepted", 1), world.by(Role.RMO_HEAD, CITY)
    given = {"review_on": date.fromisoformat(day)}
    if not allowed:
        with pytest.raises(Refused, match="日期不能晚于一年后（2027-03-02）"):
            perform(case, "suspend", by=head, reason="企业停产", given=given)
    else:
        perform(case, "suspend", by=head, reason="企业停产", given=given)
