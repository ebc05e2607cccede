"""The journal: what is booked balances, stays, and never overdraws; and the database says so whoever writes."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.audit.streams import now
from apps.treasury import journal
from apps.treasury.models import Entry, EntryKind, Ledger, Posting

from .conftest import DAY

NEXT = DAY + dt.timedelta(days=1)


def refuses(act) -> str:
    with pytest.raises(journal.NotBooked) as refused:
        act()
    return str(refused.value)


def by_hand(account, *postings, on=DAY) -> None:
    """Write an entry past the journal, and have the deferred checks done."""
    with transaction.atomic():
        entry = Entry.objects.create(
            account=account, kind=EntryKind.RECEIPT, on=on, summary="手工", act=uuid4(), booked_at=now()
        )
        for ledger, fen in postings:
            Posting.objects.create(entry=entry, ledger=ledger, fen=fen)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.clause("M-091")
def test_what_came_in_is_in_the_account_or_on_its_way_or_went_out(money):
    money.earn(300_00)
    money.move(EntryKind.RECEIPT, 50_00, on=NEXT)
    money.move(EntryKind.INTEREST, 1_23, on=NEXT)
    money.move(EntryKind.CHARGE, 23, on=NEXT)
    money.move(EntryKind.REFUND, 20_00, on=NEXT)
    money.move(EntryKind.ALLOCATION, 30_00, on=NEXT, purpose="activity")
    money.move(EntryKind.UNIDENTIFIED, 7_00, on=NEXT)
    found = journal.figures(money.account(), NEXT, NEXT)
    assert found == journal.Figures(
        opening=300_00, opening_transit=0, opening_suspense=0, receipts=50_00, refunds=20_00, allocations=30_00,
        interest=1_23, charges=23, transit=50_00, suspense=7_00, closing=258_00,
    )  # fmt: skip
    assert found.proved
    assert journal.balance(money.account(), DAY) == 300_00
    assert journal.balance(money.account()) == 258_00


def test_the_balance_is_told_for_any_day_in_between(money):
    for step in range(3):
        money.earn(100_00, on=DAY + dt.timedelta(days=step))
    days = [DAY + dt.timedelta(days=step) for step in range(-1, 4)]
    assert [journal.balance(money.account(), day) for day in days] == [0, 100_00, 200_00, 300_00, 300_00]


def test_an_entry_that_does_not_balance_is_refused(money):
    new = journal.New(
        account=money.account().pk, kind=EntryKind.RECEIPT, on=DAY, summary="不平", postings=[("BANK", 5)]
    )
    assert refuses(lambda: money.book(new)) == "分录“不平”借贷不平"
    assert not Entry.objects.exists()


@pytest.mark.parametrize("postings", [(), (("TRANSIT", 5),), (("TRANSIT", 5), ("FEES", -4))])
def test_the_database_refuses_what_does_not_balance(money, postings):
    with pytest.raises(IntegrityError, match="add up to nothing"):
        by_hand(money.account(), *postings)


def test_more_than_there_is_cannot_go_out(money):
    money.earn(100_00)
    said = refuses(lambda: money.move(EntryKind.REFUND, 100_01))
    assert said == "超过专户余额：2026-09-10尚差 0.01 元"


def test_nor_on_an_earlier_day_than_the_money_came(money):
    money.earn(100_00, on=NEXT)
    assert "超过专户余额" in refuses(lambda: money.move(EntryKind.REFUND, 100_00, on=DAY))


def test_the_database_refuses_to_be_overdrawn(money):
    with pytest.raises(IntegrityError, match="over the balance"):
        by_hand(money.account(), (Ledger.REFUNDS, 5), (Ledger.BANK, -5))


@pytest.mark.clause("M-092")
@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("", "用途“”不在用途目录中"),
        ("banquet", "用途“banquet”不在用途目录中"),
        ("staff", "财政专户的管理活动经费专款专用，不得用于“人员”"),
        ("startup", "财政专户的管理活动经费专款专用，不得用于“开办”"),
    ],
)
def test_the_fee_is_spent_for_its_purposes_only(money, purpose, said):
    money.earn(100_00)
    assert refuses(lambda: money.move(EntryKind.ALLOCATION, 1_00, purpose=purpose)) == said


@pytest.mark.clause("M-092")
@pytest.mark.parametrize("purpose", ["activity", "visit", "work"])
def test_and_for_those_it_is(money, purpose):
    money.earn(100_00)
    entry = money.move(EntryKind.ALLOCATION, 1_00, purpose=purpose)
    assert [(one.ledger, one.fen, one.purpose) for one in entry.postings.order_by("pk")] == [
        ("ALLOCATIONS", 1_00, purpose), ("BANK", -1_00, ""),
    ]  # fmt: skip


@pytest.mark.clause("M-091")
def test_money_of_another_level_is_not_booked(money):
    county, city = money.account("445202-FIN"), money.account()
    case = money.case("ENT-001")  # a city enterprise
    said = refuses(lambda: money.move(EntryKind.RECEIPT, 5, account=county, case=case.pk))
    assert said == f"案件{case.number}的经费属于另一级财政，不得记入本级财政专户"
    assert money.move(EntryKind.RECEIPT, 5, account=city, case=case.pk).case_id == case.pk


def test_a_wrong_entry_is_taken_back_by_another_once(money):
    wrong = money.move(EntryKind.RECEIPT, 5_00)
    undone = money.book(journal.undoing(wrong, on=NEXT, summary="更正"))[0]
    assert (undone.corrects_id, journal.balance(money.account(), ledger=Ledger.FEES)) == (wrong.pk, 0)
    assert refuses(lambda: money.book(journal.undoing(wrong, on=NEXT, summary="再更正"))) == "该分录已经更正"


def test_a_correction_is_not_dated_before_what_it_corrects(money):
    wrong = money.move(EntryKind.RECEIPT, 5_00, on=NEXT)
    assert "不早于原分录" in refuses(lambda: money.book(journal.undoing(wrong, on=DAY, summary="更正")))


def test_nothing_of_a_set_is_booked_when_one_is_refused(money):
    account = money.account().pk
    good = journal.moving(EntryKind.RECEIPT, 5, account=account, on=DAY, summary="好")
    bad = journal.moving(EntryKind.REFUND, 5, account=account, on=DAY, summary="坏")
    refuses(lambda: money.book(good, bad))
    assert not Entry.objects.exists()


def test_a_set_is_booked_in_as_many_statements_as_one(money):
    def statements(number: int) -> int:
        new = [
            journal.moving(EntryKind.RECEIPT, 5, account=money.account().pk, on=DAY, summary="批")
            for _each in range(number)
        ]
        with CaptureQueriesContext(connection) as sent:
            money.book(*new)
        return len(sent)

    assert statements(1) == statements(300)
