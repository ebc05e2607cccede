"""Months are prepared, explained, signed by two sides, and then never change, not even for the owner of the tables."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import Event
from apps.audit.streams import now
from apps.engine.door import Refused
from apps.fees import suspense
from apps.organisations.choices import Role
from apps.treasury import journal, months
from apps.treasury.models import Difference, DifferenceKind, EntryKind, Reconciliation

from .conftest import DAY, Money

MONTH, NEXT = dt.date(2026, 9, 1), dt.date(2026, 10, 1)


class Sides:
    """The people who reconcile the city's account."""

    def __init__(self, world):
        self.officer = world.by(Role.FISCAL_OFFICER, "445200-FIN")
        self.reviewer = world.by(Role.FISCAL_REVIEWER, "445200-FIN")
        self.body = world.by(Role.RMO_REVIEWER, "445200-RMO")
        self.account = Money().account()

    def prepare(self, fen: int | None = None, month=MONTH) -> Reconciliation:
        fen = journal.balance(self.account, months.last_day(month)) if fen is None else fen
        return months.prepare(self.account, month, bank_fen=fen, by=self.officer)

    def lock(self, month=MONTH) -> Reconciliation:
        made = self.prepare(month=month)
        months.sign(made, by=self.reviewer)
        return months.sign(made, by=self.body)


@pytest.fixture
def sides(world, money) -> Sides:
    money.earn(100_00)
    return Sides(world)


@pytest.mark.clause("M-091")
def test_signed_by_both_a_month_is_locked(sides, money):
    assert sides.lock().locked
    assert months.locked_through(sides.account) == dt.date(2026, 9, 30)
    for on in (DAY, dt.date(2026, 8, 1), dt.date(2026, 9, 30)):
        with pytest.raises(journal.NotBooked, match="2026-09已对账锁定"):
            money.earn(1_00, on=on)
    money.earn(1_00, on=NEXT)


def test_a_correction_goes_into_a_later_month_and_names_what_it_corrects(sides, money):
    wrong = money.move(EntryKind.CHARGE, 3_00)
    sides.lock()
    with pytest.raises(journal.NotBooked):
        money.book(journal.undoing(wrong, on=DAY, summary="更正"))
    assert money.book(journal.undoing(wrong, on=NEXT, summary="更正"))[0].corrects == wrong
    assert journal.balance(sides.account) == 100_00


def test_one_signature_locks_nothing(sides, money):
    assert not months.sign(sides.prepare(), by=sides.reviewer).locked
    money.earn(1_00)
    assert months.locked_through(sides.account) is None


def test_what_was_booked_after_preparing_is_not_signed(sides, money):
    made = sides.prepare()
    money.earn(1_00)
    with pytest.raises(Refused, match="重新编制"):
        months.sign(made, by=sides.reviewer)
    months.sign(sides.prepare(), by=sides.reviewer)


def test_preparing_anew_asks_for_both_signatures_again(sides):
    months.sign(sides.prepare(), by=sides.reviewer)
    assert sides.prepare().reviewed_at is None


def test_each_difference_has_its_owner_and_is_explained_before_anybody_signs(sides, money, world):
    case = money.case()
    money.move(EntryKind.RECEIPT, 40_00, case=case.pk)
    other = money.case()
    money.move(EntryKind.CREDIT, 6_00, case=other.pk)
    [waits, _new] = money.lines({"fen": 7_00}, {"fen": 8_00, "on": NEXT})
    suspense.book_rest(sides.account, by=sides.officer)
    [fresh] = money.lines({"fen": 9_00})
    made = sides.prepare(fen=120_00)
    found = list(made.differences.order_by("pk").values_list("kind", "fen", "case", "line", "owner__key"))
    assert found == [
        (DifferenceKind.IN_TRANSIT, 40_00, case.pk, None, "445200-FIN"),
        (DifferenceKind.NO_RECEIPT, -6_00, other.pk, None, "445200-RMO"),
        (DifferenceKind.SUSPENSE, 7_00, None, waits.pk, "445200-FIN"),
        (DifferenceKind.NOT_BOOKED, 9_00, None, fresh.pk, "445200-FIN"),
        (DifferenceKind.BANK, 120_00 - 113_00, None, None, "445200-FIN"),
    ]
    with pytest.raises(Refused, match="逐项说明"):
        months.sign(made, by=sides.reviewer)
    for difference in made.differences.all():
        by = sides.body if difference.kind == DifferenceKind.NO_RECEIPT else sides.officer
        months.explain(difference, "下月处理", by=by)
    assert set(sides.prepare(fen=120_00).differences.values_list("note", flat=True)) == {"下月处理"}
    months.sign(Reconciliation.objects.get(), by=sides.reviewer)


def test_a_difference_is_explained_by_its_owner_or_the_officer(sides, money, world):
    money.move(EntryKind.RECEIPT, 40_00, case=money.case().pk)
    [difference] = sides.prepare().differences.all()
    with pytest.raises(Refused):
        months.explain(difference, "不关我事", by=sides.body)


@pytest.mark.parametrize(
    ("role", "office", "said"),
    [
        (Role.FISCAL_OFFICER, "445200-FIN", "签署"), (Role.FISCAL_REVIEWER, "445202-FIN", "签署"),
        (Role.RMO_REVIEWER, "445202-RMO", "签署"), (Role.RMO_CLERK, "445200-RMO", "签署"),
    ],
)  # fmt: skip
def test_nobody_else_signs(sides, world, role, office, said):
    with pytest.raises(Refused, match=said):
        months.sign(sides.prepare(), by=world.by(role, office))


def test_nobody_signs_for_two(sides, world):
    made = sides.prepare()
    months.sign(made, by=sides.reviewer)
    with pytest.raises(Refused, match="已经签署"):
        months.sign(made, by=sides.reviewer)
    sides.reviewer.user.identity_digest = sides.body.user.identity_digest = "d" * 64
    for user in (sides.reviewer.user, sides.body.user):
        user.save(update_fields=["identity_digest"])
    with pytest.raises(Refused, match="不同的人"):
        months.sign(made, by=sides.body)


def test_months_are_locked_one_after_the_other(sides, money):
    money.earn(1_00, on=NEXT)
    with pytest.raises(Refused, match="请先对2026-09的账"):
        sides.prepare(month=NEXT)
    sides.lock()
    assert sides.lock(NEXT).figures["opening"] == 100_00


def test_a_month_that_is_not_over_is_not_reconciled(sides):
    with pytest.raises(Refused, match="尚未结束"):
        sides.prepare(month=now().date().replace(day=1))


def test_everything_is_in_the_accounts_own_stream(sides):
    sides.lock()
    moves = Event.objects.filter(stream="account", stream_id=sides.account.pk).order_by("seq")
    assert list(moves.values_list("move", flat=True)) == ["prepare_month", "sign_month", "sign_month"]


def test_a_locked_month_cannot_be_changed_past_us(sides):
    made = sides.lock()
    acts = (
        lambda: Reconciliation.objects.update(bank_fen=1),
        lambda: Reconciliation.objects.update(reviewed_at=None),
        lambda: Reconciliation.objects.all().delete(),
        lambda: Difference.objects.create(
            reconciliation=made, kind="BANK", fen=1, owner=sides.account.finance
        ),
    )
    for act in acts:
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            act()
