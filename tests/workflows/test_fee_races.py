"""Two people at once with the same money: it is taken in once, paid back once, and the books agree."""

from functools import partial

import pytest

from apps.documents.fee_papers import OriginalReceipt
from apps.engine.door import Refused, perform
from apps.organisations.choices import Role
from apps.treasury.models import Entry
from tests.invariants import invariants_hold
from tests.racing import at_once, fresh, queue
from tests.worlds import today
from workflows.models import FeeCollection, Refund

STANDARD = 150_000


def fee_of(case) -> FeeCollection:
    return FeeCollection.objects.exclude(stage="cancelled").get(case=case.pk)


def refusals(results) -> list[Refused]:
    return [result for result in results if isinstance(result, Refused)]


def test_two_officers_take_the_same_money_once(town_for_real):
    world = town_for_real
    case = world.batch("clearing", 1)
    fee = fee_of(case)
    world.pay_in(fee, STANDARD)
    officer = world.finance(fee, Role.FISCAL_OFFICER)
    results = at_once(*[partial(perform, fresh(fee), "take", by=officer) for _officer in range(2)])
    assert len(refusals(results)) == 1
    assert fee.payments.count() == 1
    invariants_hold()


@pytest.mark.parametrize("first", ["take", "end_by_death"])
def test_money_and_a_death_at_once_leave_nothing_owing_and_nothing_kept(town_for_real, first):
    """Whichever comes first: who is not handed over is not paid for, and what came in too much is to go back."""
    world = town_for_real
    case = world.batch("clearing", 2)
    fee, item = fee_of(case), world.items(case).first()
    world.pay_in(fee, 2 * STANDARD)
    acts = {
        "take": partial(perform, fresh(fee), "take", by=world.finance(fee, Role.FISCAL_OFFICER)),
        "end_by_death": partial(world.report_death, item),
    }
    queue(acts.pop(first), *acts.values(), at=[case])
    fee = fresh(fee)
    assert (fee.stage, fee.amount_fen, fee.heads) == ("overpaid", STANDARD, 1)
    invariants_hold()


def test_a_refund_leaves_the_account_once(town_for_real):
    world = town_for_real
    case = world.batch("clearing", 1)
    fee = fee_of(case)
    officer = world.finance(fee, Role.FISCAL_OFFICER)
    world.pay_in(fee, STANDARD + 50_000)
    perform(fresh(fee), "take", by=officer)
    perform(fresh(fee), "credit_meanwhile", by=officer, given={"credited_on": today(), "slip": "HD-0001"})
    perform(
        fresh(fee), "apply_for_refund", by=world.authority(case, Role.FEE_CLERK), reason_code="overcharged",
        given={"payee": "谢氏机械厂", "payee_bank": "示例银行", "payee_account": "6228000011112222"},
    )  # fmt: skip
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    world.attach(case, OriginalReceipt, by=reviewer)
    refund = perform(Refund.objects.get(assessment=fee), "verify", by=reviewer)
    refund = perform(refund, "approve", by=world.finance(fee, Role.FISCAL_REVIEWER))
    pay = partial(perform, fresh(refund), "pay", by=officer, given={"paid_on": today()})
    results = at_once(pay, pay)
    assert len(refusals(results)) == 1
    assert Entry.objects.filter(kind="REFUND", case=case.pk).count() == 1
    assert fresh(fee).stage == "refunded"
    invariants_hold()
