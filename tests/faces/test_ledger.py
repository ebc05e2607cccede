"""The ledger of a street: who is managed now, who came and went, and every look at what is sensitive."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from apps.audit.models import Event
from apps.audit.streams import now
from apps.cases.models import CaseItem
from apps.organisations.choices import Role
from apps.retirees import management
from apps.retirees.models import Retiree
from tests.worlds import RONGHUA, XINXING, Person, citizen_number, people

STATION, OTHER_STATION = "445202001-S1", "445202001-S2"
STREET, OTHER_STREET, COUNTY, OTHER_COUNTY = (
    "ronghua-clerk",
    "xinxing-clerk",
    "rongcheng-clerk",
    "puning-clerk",
)


@pytest.fixture
def received(world):
    """A batch of four people of two streets, all received."""
    return world.batch("completed", people(4, RONGHUA, XINXING))


def names(answer) -> list[int]:
    return sorted(row["retiree"].pk for row in answer.context["rows"])


def theirs(case, street: str) -> list[int]:
    return sorted(
        CaseItem.objects.filter(case=case.pk, organisation__key=street).values_list("retiree", flat=True)
    )


@pytest.mark.clause("M-062")
def test_street_sees_its_own_people_with_batch_and_enterprise(received, signed_in):
    answer = signed_in(STREET).get("/ledger/")
    assert names(answer) == theirs(received, RONGHUA)
    assert {(row["batch"], row["retiree"].enterprise.key) for row in answer.context["rows"]} == {
        (received.number, "ENT-001")
    }


def test_nobody_anothers(received, signed_in):
    (person, _other) = theirs(received, RONGHUA)
    assert signed_in(OTHER_STREET).get(f"/ledger/people/{person}/").status_code == 404
    assert names(signed_in(OTHER_COUNTY).get("/ledger/")) == []
    assert signed_in("rongyuan-clerk").get("/ledger/").status_code == 403


@pytest.mark.clause("M-024")
def test_county_sees_its_streets_and_looks_into_one(received, world, signed_in):
    browser = signed_in(COUNTY)
    assert len(names(browser.get("/ledger/"))) == 4
    assert names(browser.get(f"/ledger/?unit={world.office(RONGHUA).pk}")) == theirs(received, RONGHUA)


def test_a_unit_outside_the_area_is_not_there(received, world, signed_in):
    browser = signed_in(STREET)
    units = (world.office(XINXING).pk, "x", "9" * 30, world.office("ENT-001").pk)
    assert [browser.get(f"/ledger/?unit={unit}").status_code for unit in units] == [404] * 4


@pytest.mark.clause("M-077")
def test_communities_add_up_to_the_street_and_streets_to_the_county(received, signed_in):
    for user, total in ((STREET, 2), (COUNTY, 4), ("city-clerk", 4)):
        shown = signed_in(user).get("/ledger/").context
        assert (sum(part.heads for part in shown["parts"]), shown["total"], shown["sums_up"]) == (
            total,
            total,
            True,
        )


@pytest.mark.clause("M-074")
def test_station_sees_its_own_community_only(world, signed_in):
    world.batch("completed", [Person(station=STATION), Person(station=OTHER_STATION)])
    here, there = (Retiree.objects.get(intervals__station__key=key).pk for key in (STATION, OTHER_STATION))
    browser = signed_in("ronghua-station1")
    assert names(browser.get("/ledger/")) == [here]
    assert [browser.get(f"/ledger/people/{pk}/").status_code for pk in (here, there)] == [200, 404]
    assert browser.get(f"/ledger/?unit={world.office(RONGHUA).pk}").status_code == 404


def test_search_by_name_and_number_tail(world, signed_in):
    number = citizen_number()
    world.batch("completed", [Person(name="陈建国"), Person(name="林秀英", number=number)])
    browser, tail = signed_in(STREET), number[-4:]
    found = [
        [row["retiree"].name for row in browser.get("/ledger/", {"q": words}).context["rows"]]
        for words in ("建国", "chenjianguo", tail, "zzz")
    ]
    assert found == [["陈建国"], ["陈建国"], ["林秀英"], []]


def test_filter_by_care_category(world, signed_in):
    world.batch("completed", [Person(facts={"care_category": ["高龄", "重病"]}), Person()])
    browser = signed_in(STREET)
    assert [len(names(browser.get("/ledger/", {"care": one}))) for one in ("高龄", "特困", "")] == [1, 0, 2]


def test_number_is_masked_until_revealed_for_a_purpose(received, world, signed_in):
    browser, (person, _other) = signed_in(STREET), theirs(received, RONGHUA)
    identity = Retiree.objects.get(pk=person).identity
    page = browser.get(f"/ledger/people/{person}/").content.decode()
    refused = browser.post(f"/ledger/people/{person}/number/", {"purpose": "。"})
    shown = browser.post(f"/ledger/people/{person}/number/", {"purpose": "核对养老金"}).content.decode()
    number = identity.reveal(by=world.by(Role.STREET_CLERK, RONGHUA), purpose="test")
    assert (number in page, refused.status_code, number in shown) == (False, 400, True)
    assert Event.objects.filter(move="reveal", reason="核对养老金").count() == 1


def test_phone_is_shown_to_the_managing_office_only(world, signed_in):
    world.batch("completed", [Person(facts={"phone": "13800000000"})])
    person = Retiree.objects.get().pk
    shown = [
        "13800000000" in signed_in(user).get(f"/ledger/people/{person}/").content.decode()
        for user in (STREET, COUNTY)
    ]
    assert shown == [True, False]


@pytest.mark.clause("M-063")
def test_changes_balance_after_people_came_moved_and_died(received, world, signed_in):
    first, second = theirs(received, RONGHUA)
    management.hand_to_street([(first, world.office(XINXING).pk, None)], now())
    Retiree.objects.filter(pk=second).update(died_on=timezone.localdate())
    management.end([second], now())
    balances = [
        signed_in(user).get("/ledger/changes/").context["balance"] for user in (STREET, OTHER_STREET, COUNTY)
    ]
    told = [(one.opening, one.increases, one.decreases, one.closing, one.even) for one in balances]
    assert told == [(0, 2, 2, 0, True), (0, 3, 0, 3, True), (0, 4, 1, 3, True)]


@pytest.mark.clause("M-063")
def test_changes_say_from_where_and_by_which_batch(received, signed_in):
    lines = signed_in(STREET).get("/ledger/changes/").context["page"].object_list
    assert {(line.type, line.other.key, line.batch) for line in lines} == {
        ("came", "ENT-001", received.number)
    }


def test_a_period_before_the_handover_is_empty_and_balanced(received, signed_in):
    day = timezone.localdate() - timedelta(days=1)
    balance = signed_in(STREET).get("/ledger/changes/", {"since": day, "until": day}).context["balance"]
    assert (balance.opening, balance.closing, balance.even) == (0, 0, True)


def test_a_period_that_makes_no_sense_is_said_and_this_month_shown(received, signed_in):
    tomorrow = timezone.localdate() + timedelta(days=1)
    for asked in ({"until": tomorrow}, {"since": "2026-01-02", "until": "2026-01-01"}, {"since": "nonsense"}):
        answer = signed_in(STREET).get("/ledger/changes/", asked)
        assert answer.status_code == 200 and answer.context["form"].errors
        assert answer.context["period"]["until"] == timezone.localdate()


def test_export_says_what_for_and_is_recorded_with_its_digest(received, signed_in):
    browser = signed_in(STREET)
    assert browser.post("/ledger/export/", {"purpose": ""}).status_code == 400
    answer = browser.post("/ledger/export/", {"purpose": "年度核对"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    event = Event.objects.get(move="export")
    assert (event.reason, event.given["rows"], rows[-1][1]) == ("年度核对", 2, event.given["digest"])
    assert len(rows) == 4


def test_auditors_reading_is_recorded(received, signed_in):
    signed_in("rongcheng-auditor").get("/ledger/")
    assert Event.objects.filter(stream="actor", move="read_ledger").count() == 1


def test_as_many_statements_for_three_people_as_for_one(world, signed_in):
    browser, counted = signed_in(STREET), []
    for number in (1, 2, 3):
        world.batch("completed", people(1, RONGHUA))
        with CaptureQueriesContext(connection) as queries:
            assert len(names(browser.get("/ledger/"))) == number
            assert len(browser.get("/ledger/changes/").context["page"].object_list) == number
        counted.append(len(queries))
    assert counted[0] == counted[2]
