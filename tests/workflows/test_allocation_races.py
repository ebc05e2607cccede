"""Two at once for the same streets or the same money: each street is listed once, the account is never overdrawn."""

from functools import partial

from apps.allocations.models import Share
from apps.engine.door import Refused, begin, perform
from apps.organisations.choices import Role
from apps.treasury import journal
from tests.engine.allocation_scenes import earn, settle
from tests.invariants import invariants_hold
from tests.racing import at_once, fresh
from tests.worlds import RONGCHENG, RONGHUA, XINXING, today
from workflows.models import FundAllocation
from workflows.rehearsals.allocation import AllocationRehearsal


def sentences(results) -> list[str]:
    return [str(result) for result in results if isinstance(result, Refused)]


def test_two_start_up_grants_opened_at_once_list_each_street_once(town_for_real):
    world = town_for_real
    settle(world, RONGHUA, 1)
    settle(world, XINXING, 1)
    clerk = world.by(Role.FEE_CLERK, RONGCHENG)
    given = {"kind": "START_UP", "year": today().year, "base_date": today()}
    opening = partial(begin, FundAllocation, "calculate", by=clerk, given=given)
    said = sentences(at_once(opening, opening, opening))
    assert said == ["开办费一个街道（乡镇）只核拨一次，该街道已列入"] * 2
    assert (Share.objects.count(), FundAllocation.objects.count()) == (2, 1)


def test_two_allocations_paid_at_once_do_not_overdraw_the_account(town_for_real):
    world = town_for_real
    settle(world, RONGHUA, 2)
    account = earn(300_00)
    acts = []
    for purpose in ("activity", "visit"):
        one = AllocationRehearsal(world.office(RONGCHENG))
        one.walk("YEARLY", purpose, until="approved")
        given = {"paid_on": today(), "slip": f"BK-{purpose}"}
        officer = one.finance(Role.FISCAL_OFFICER)
        acts.append(partial(perform, fresh(one.case), "pay", by=officer, given=given))
    [said] = sentences(at_once(*acts))
    assert said.startswith(("超过专户余额", "财政专户余额足够"))
    assert journal.balance(account) == 100_00
    invariants_hold()
