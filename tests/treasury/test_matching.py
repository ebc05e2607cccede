"""Lines of the bank find their assessments as sets, and never silently another enterprise's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.streams import now
from apps.engine.door import Refused
from apps.fees import matching
from apps.fees.models import Match, Payment
from apps.organisations.choices import Role
from apps.organisations.models import Organisation


def name(key: str) -> str:
    return Organisation.objects.get(key=key).name


@pytest.fixture
def officer(world):
    return world.by(Role.FISCAL_OFFICER, "445200-FIN")


def matched() -> list[tuple]:
    return list(Match.objects.order_by("line").values_list("line", "assessment", "by"))


@pytest.mark.parametrize("note", ["缴款码b000017-1，退管费", "B0000171", "转账 B000017-1"])
def test_the_reference_in_the_note_tells_whose_it_is(money, note):
    fee = money.due(100_00, reference="B000017-1")
    [line] = money.lines({"fen": 60_00, "payer": "张三", "note": note})
    assert matching.match(money.account()) == matching.Matched(1, 0)
    assert matched() == [(line.pk, fee.pk, "REFERENCE")]


def test_a_longer_code_is_another_code(money):
    money.due(100_00, reference="B000017-1")
    money.lines({"fen": 100_00, "payer": "张三", "note": "B000017-12"})
    assert matching.match(money.account()) == matching.Matched(0, 0)


def test_two_codes_in_one_note_are_left_to_a_person(money):
    fees = [money.due(100_00, reference=f"B00001{each}-1") for each in (7, 8)]
    [line] = money.lines({"fen": 100_00, "payer": "张三", "note": "B000017-1 B000018-1"})
    matching.match(money.account())
    found = matching.suggestions(money.account(), [line])[line.pk]
    assert (matched(), [one.assessment.pk for one in found]) == ([], [fee.pk for fee in fees])


def test_payer_and_exact_amount_tell_when_one_fits(money):
    fee = money.due(100_00, "ENT-001")
    spelt = name("ENT-001").replace("（", "(").replace("）", ")")
    [line, _less] = money.lines({"fen": 100_00, "payer": f" {spelt} "}, {"fen": 99_99, "payer": spelt})
    assert matching.match(money.account()) == matching.Matched(0, 1)
    assert matched() == [(line.pk, fee.pk, "PAYER")]


def test_what_was_paid_before_is_not_due_again(money):
    fee = money.due(100_00, "ENT-001", stage="part_paid")
    [before, rest] = money.lines(
        {"fen": 30_00, "payer": "张三"}, {"fen": 70_00, "payer": name("ENT-001")},
    )  # fmt: skip
    Payment.objects.create(assessment=fee, line=before, fen=30_00, act="0" * 32, taken_at=now())
    matching.match(money.account())
    assert matched() == [(rest.pk, fee.pk, "PAYER")]


def test_two_that_fit_are_left_to_a_person(money):
    fees = [money.due(100_00, "ENT-001") for _each in range(2)]
    [line] = money.lines({"fen": 100_00, "payer": name("ENT-001")})
    assert matching.match(money.account()) == matching.Matched(0, 0)
    found = matching.suggestions(money.account(), [line])[line.pk]
    assert {one.assessment.pk for one in found} == {fee.pk for fee in fees}


def test_an_equal_line_is_not_taken_twice_for_one_assessment(money):
    money.due(100_00, "ENT-001")
    [first, second] = money.lines(*[{"fen": 100_00, "payer": name("ENT-001")}] * 2)
    matching.match(money.account())
    matching.match(money.account())
    assert [row[0] for row in matched()] == [first.pk]


def test_anothers_code_is_not_believed_of_an_enterprise_we_know(money):
    other = money.due(100_00, "ENT-003", reference="B000099-1")
    own = money.due(100_00, "ENT-001")
    [line] = money.lines({"fen": 100_00, "payer": name("ENT-001"), "note": "B000099-1"})
    assert matching.match(money.account()) == matching.Matched(0, 0)
    found = matching.suggestions(money.account(), [line])[line.pk]
    assert [(one.assessment.pk, one.why) for one in found] == [
        (other.pk, "附言中有其缴款码，请核对付款人"), (own.pk, "付款人与金额相符，请核对"),
    ]  # fmt: skip


@pytest.mark.parametrize("stage", ["draft", "paid", "cancelled", "exemption_pending"])
def test_an_assessment_that_waits_for_no_money_gets_none(money, stage):
    money.due(100_00, "ENT-001", stage=stage, reference="B000017-1")
    money.lines({"fen": 100_00, "payer": name("ENT-001"), "note": "B000017-1"})
    assert matching.match(money.account()) == matching.Matched(0, 0)


def test_nor_does_one_of_another_finance_department(money):
    money.due(100_00, "ENT-001", finance="445202-FIN", reference="B000017-1")
    money.lines({"fen": 100_00, "payer": name("ENT-001"), "note": "B000017-1"})
    assert matching.match(money.account()) == matching.Matched(0, 0)


def test_a_person_takes_and_takes_back(money, officer):
    fee = money.due(100_00, "ENT-001")
    [line] = money.lines({"fen": 55_00, "payer": name("ENT-001")})
    matching.take(line, fee, by=officer)
    assert matched() == [(line.pk, fee.pk, "HAND")]
    with pytest.raises(Refused, match="已经匹配"):
        matching.take(line, fee, by=officer)
    matching.untake(line, by=officer)
    assert matched() == []


def test_what_is_booked_is_not_taken_back(money, officer):
    fee = money.due(100_00, "ENT-001")
    [line] = money.lines({"fen": 55_00, "payer": name("ENT-001")})
    matching.take(line, fee, by=officer)
    Payment.objects.create(assessment=fee, line=line, fen=55_00, act="0" * 32, taken_at=now())
    with pytest.raises(Refused, match="已经记账"):
        matching.untake(line, by=officer)


@pytest.mark.parametrize(
    ("role", "office"), [(Role.FISCAL_OFFICER, "445202-FIN"), (Role.RMO_REVIEWER, "445200-RMO")]
)
def test_nobody_else_says_whose_money_it_is(money, world, role, office):
    fee = money.due(100_00, "ENT-001")
    [line] = money.lines({"fen": 55_00})
    with pytest.raises(Refused):
        matching.take(line, fee, by=world.by(role, office))


def test_a_set_is_matched_in_as_many_statements_as_one(money):
    def taken(number: int) -> int:
        for _each in range(number):
            fee = money.due(100_00, "ENT-001")
            money.lines({"fen": 100_00, "payer": "张三", "note": fee.reference})
        with CaptureQueriesContext(connection) as sent:
            assert matching.match(money.account()).by_reference == number
        return len(sent)

    assert taken(1) == taken(5)
