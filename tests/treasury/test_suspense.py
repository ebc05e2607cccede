"""待查款项: booked as it came, assigned or returned once, and only by those whose act it is."""

import pytest

from apps.engine.door import Refused
from apps.fees import matching, suspense
from apps.organisations.choices import Role
from apps.treasury import journal
from apps.treasury.models import Entry, EntryKind, Ledger

from .conftest import DAY


@pytest.fixture
def officer(world):
    return world.by(Role.FISCAL_OFFICER, "445200-FIN")


@pytest.fixture
def reviewer(world):
    return world.by(Role.FISCAL_REVIEWER, "445200-FIN")


def held(money) -> tuple[int, int]:
    """What is in the bank, and what of it waits in suspense."""
    account = money.account()
    return journal.balance(account), -journal.balance(account, ledger=Ledger.SUSPENSE)


def test_what_nobody_was_found_for_is_booked_once(money, officer):
    fee = money.due(5_00, reference="B000017-1")
    money.lines({"fen": 5_00, "note": fee.reference}, {"fen": 7_00}, {"fen": 9_00})
    matching.match(money.account())
    assert len(suspense.book_rest(money.account(), by=officer)) == 2
    assert (suspense.book_rest(money.account(), by=officer), held(money)) == ([], (16_00, 16_00))


def test_it_is_assigned_to_a_fee_by_one_entry(money, officer):
    case = money.case()
    [line] = money.lines({"fen": 7_00})
    suspense.book_rest(money.account(), by=officer)
    money.move(EntryKind.ASSIGNMENT, line.fen, case=case.pk, line=line.pk)
    assert (held(money), journal.in_transit([case.pk])) == ((7_00, 0), {})
    assert not matching.in_suspense(money.account()).exists()


def test_or_returned_by_the_reviewer(money, officer, reviewer):
    [line] = money.lines({"fen": 7_00})
    suspense.book_rest(money.account(), by=officer)
    suspense.give_back(line, on=DAY, reason="误汇", by=reviewer)
    assert held(money) == (0, 0)
    with pytest.raises(Refused, match="不在待查款项中"):
        suspense.give_back(line, on=DAY, reason="误汇", by=reviewer)


def test_what_was_returned_is_not_assigned_as_well(money, officer, reviewer):
    [line] = money.lines({"fen": 7_00})
    suspense.book_rest(money.account(), by=officer)
    money.earn(50_00)
    suspense.give_back(line, on=DAY, reason="误汇", by=reviewer)
    with pytest.raises(journal.NotBooked, match="已经认领或退回"):
        money.move(EntryKind.ASSIGNMENT, line.fen, case=money.case().pk, line=line.pk)


def test_a_line_in_suspense_may_be_taken_for_an_assessment_but_not_returned_then(money, officer, reviewer):
    fee = money.due(7_00)
    [line] = money.lines({"fen": 7_00})
    suspense.book_rest(money.account(), by=officer)
    assert matching.suggestions(money.account(), [line])[line.pk][0].assessment == fee
    matching.take(line, fee, by=officer)
    with pytest.raises(Refused):
        suspense.give_back(line, on=DAY, reason="误汇", by=reviewer)


@pytest.mark.parametrize(
    "act",
    [
        lambda account, line, by: suspense.book_rest(account, by=by),
        lambda account, line, by: suspense.give_back(line, on=DAY, reason="误汇", by=by),
        lambda account, line, by: suspense.book_charge(account, 1, on=DAY, summary="手续费", by=by),
    ],
)
def test_the_management_body_moves_no_money(money, world, act):
    [line] = money.lines({"fen": 7_00})
    with pytest.raises(Refused):
        act(money.account(), line, world.by(Role.RMO_REVIEWER, "445200-RMO"))
    assert not Entry.objects.exists()


def test_interest_and_charges_are_booked_as_such(money, officer):
    lines = money.lines({"fen": 3_00, "payer": "", "note": "结息"})
    suspense.book_interest(money.account(), lines, by=officer)
    suspense.book_charge(money.account(), 50, on=DAY, summary="账户管理费", by=officer)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert (kinds, held(money)) == ({EntryKind.INTEREST, EntryKind.CHARGE}, (2_50, 0))
