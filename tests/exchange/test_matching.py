"""The match of a batch: the list that goes to the agency, and what its answer differs in."""

import pytest

from apps.audit.models import Event
from apps.engine.door import Refused
from apps.exchange import match, matching
from apps.organisations.choices import Role
from apps.retirees import vault
from tests.worlds import CITY, answer


@pytest.fixture
def case(world):
    return world.batch("matching", 3)


@pytest.fixture
def clerk(world):
    return world.by(Role.RMO_CLERK, CITY)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_names_everybody_once_and_its_taking_is_recorded(world, case, clerk, kind):
    items = list(world.items(case))
    asked = match.read_answer(matching.query_list(case, by=clerk, kind=kind))
    assert [one.key for one in asked] == [str(item.pk) for item in items]
    event = Event.objects.filter(stream="actor", stream_id=clerk.user.pk, move="reveal").last()
    assert event.given["count"] == 3
    numbers = [
        vault.unseal(i.retiree.identity.sealed, owner=i.retiree.identity_id, field="number") for i in items
    ]
    assert not any(number in str(event.given) for number in numbers)


def test_an_agreeing_answer_has_no_difference(case, clerk):
    sheet = matching.agreeing_answer(case, by=clerk)
    assert matching.differences_of(case, sheet.read(), sheet.name, by=clerk) == {}


def test_who_differs_is_told_by_person_and_field(world, case, clerk):
    one, two, three = world.items(case)
    sheet = answer(case, differing=[one.pk], dead=[two.pk])
    assert matching.differences_of(case, sheet.read(), sheet.name, by=clerk) == {
        one.pk: [("name", one.retiree.name, "另一姓名")],
        two.pk: [("dead", "", "2020-01-05")],
    }
    assert three.pk not in matching.differences_of(case, answer(case).read(), "a.csv", by=clerk)


def test_who_is_not_mentioned_is_unanswered(world, case, clerk):
    one, *others = world.items(case)
    sheet = "核对编号,待遇状态\n" + "".join(f"{item.pk},领取中\n" for item in others)
    assert matching.differences_of(case, sheet.encode(), "a.csv", by=clerk) == {
        one.pk: [("unanswered", "", "")]
    }


def test_an_answer_to_another_batchs_list_is_refused(world, case, clerk):
    other = world.batch("matching", 1)
    sheet = matching.agreeing_answer(other, by=clerk)
    with pytest.raises(Refused, match="不是本批次"):
        matching.differences_of(case, sheet.read(), sheet.name, by=clerk)


def test_what_is_no_answer_is_refused(case, clerk):
    with pytest.raises(Refused):
        matching.differences_of(case, b"%PDF-1.4", "a.pdf", by=clerk)
