"""Two people at once with one account: who books and who locks, and two who spend the same money."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from apps.audit.streams import lock
from apps.engine.door import Refused
from apps.treasury import journal, months
from apps.treasury.models import EntryKind, SpecialAccount
from tests.worlds import World

from .conftest import Money
from .test_months import Sides


def held_back(*acts) -> list:
    """Let acts start one after the other while the account is locked; return what became of each."""

    def outcome(act):
        try:
            return act()
        except Refused as refused:
            return str(refused)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        futures = []
        with transaction.atomic():
            lock(SpecialAccount, SpecialAccount.objects.values_list("pk", flat=True))
            for number, act in enumerate(acts, start=1):
                futures.append(pool.submit(outcome, act))
                until = time.monotonic() + 20
                while _waiting() < number:
                    assert time.monotonic() < until
        return [future.result(timeout=60) for future in futures]


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("first", ["sign", "book"])
def test_a_booking_while_the_month_is_being_locked_is_before_it_or_refused(transactional_db, first):
    sides, money = Sides(World()), Money()
    money.earn(100_00)
    made = sides.prepare()
    months.sign(made, by=sides.reviewer)
    acts = {
        "sign": lambda: months.sign(made, by=sides.body).locked,
        "book": lambda: money.move(EntryKind.INTEREST, 5).kind,
    }
    second = next(name for name in acts if name != first)
    answers = dict(zip((first, second), held_back(acts[first], acts[second]), strict=True))
    if first == "sign":
        assert answers["sign"] is True
        assert "已对账锁定" in answers["book"]
    else:
        assert answers == {"book": "INTEREST", "sign": "编制之后账面有变动，请财政专户管理员重新编制"}


def test_two_who_spend_the_same_money_at_once_spend_it_once(transactional_db):
    Sides(World())
    money = Money()
    money.earn(100_00)
    pay = lambda: money.move(EntryKind.REFUND, 60_00).kind  # noqa: E731
    answers = held_back(pay, pay)
    assert sorted(answer[:6] for answer in answers) == ["REFUND", "超过专户余额"]
    assert journal.balance(money.account()) == 40_00
