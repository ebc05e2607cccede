"""What streets are given, in the policy's words: reckoned, reviewed, approved, paid, reported on; each once."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.allocations.models import Share
from apps.allocations.reckoning import band_of
from apps.audit.streams import now
from apps.documents.allocation_papers import UseReport
from apps.engine.door import Refused, perform
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, Post
from apps.policies import rules
from apps.policies.models import Document
from apps.treasury import journal
from apps.treasury.models import Entry, EntryKind, Posting
from tests.engine.allocation_scenes import earn, settle
from tests.engine.test_statements import statements
from tests.invariants import invariants_hold
from tests.refusals import refuses
from tests.worlds import CITY, LIUSHADONG, PUNING, RONGCHENG, RONGHUA, XINXING, ZHONGSHAN, World, today
from workflows.models import FundAllocation
from workflows.rehearsals.allocation import AllocationRehearsal

ONCE_IN_LIFE = "开办费一个街道（乡镇）只核拨一次，该街道已列入"
ONCE_A_YEAR = "同一街道（乡镇）、同一年度、同一用途只拨付一次，该街道已列入"
HEADS = {RONGHUA: 3, XINXING: 2, ZHONGSHAN: 5}


def road(world: World, heads=HEADS, body: str = RONGCHENG) -> AllocationRehearsal:
    for street, number in heads.items():
        settle(world, street, number)
    return AllocationRehearsal(world.office(body))


def cannot_open(one: AllocationRehearsal, kind: str, purpose: str = "", **given) -> str:
    with pytest.raises(Refused) as refused:
        one.calculate(kind, purpose, **given)
    return str(refused.value)


def ruled(world: World, key: str, value: int) -> None:
    """The city's reviewer enters another value from today on, its head approves."""
    plan = Document.objects.get(number="揭府办〔2005〕77号")
    reviewer, head = world.by(Role.RMO_REVIEWER, CITY), world.by(Role.RMO_HEAD, CITY)
    rules.approve(rules.propose(key, value, by=reviewer, valid_from=today(), basis=plan), by=head)


def given_to(one: AllocationRehearsal) -> dict[str, tuple]:
    shares = Share.objects.filter(case=one.case.pk, counts=True)
    return {
        key: tuple(rest) for key, *rest in shares.values_list("organisation__key", "heads", "band", "fen")
    }


def again_as(world: World, by, role: str, office: Organisation):
    """The person of one post, given another."""
    post = Post.objects.create(user=by.user, organisation=office, role=role, valid_from=today())
    return type(by).of(post)


# --- the year's allocation out of the special account ---


@pytest.mark.clause("M-092")
def test_a_yearly_allocation_leaves_the_account_by_heads_and_with_its_purpose(world):
    one = road(world)
    account = earn(5_000_00)
    one.walk("YEARLY", "activity", until="paid")
    assert given_to(one) == {
        RONGHUA: (3, None, 300_00), XINXING: (2, None, 200_00), ZHONGSHAN: (5, None, 500_00)
    }  # fmt: skip
    spent = Posting.objects.filter(entry__case=one.case.pk, ledger="ALLOCATIONS").order_by("entry")
    assert list(spent.values_list("fen", "purpose")) == [
        (300_00, "activity"), (200_00, "activity"), (500_00, "activity")
    ]  # fmt: skip
    assert journal.balance(account) == 4_000_00
    one.report()
    one.accept()
    assert one.case.stage == "closed"
    assert sum(Share.objects.filter(case=one.case.pk).values_list("used_fen", flat=True)) == 1_000_00
    invariants_hold()


@pytest.mark.clause("M-092")
@pytest.mark.parametrize("purpose", ["staff", "premises"])
def test_another_purpose_is_refused(world, purpose):
    one = road(world)
    said = cannot_open(one, "YEARLY", purpose)
    assert said.startswith("财政专户的管理活动经费专款专用，不得用于") and Entry.objects.count() == 0


@pytest.mark.clause("M-092")
def test_a_purpose_no_longer_allowed_is_refused_by_whoever_decides_next(world):
    one = road(world)
    earn(5_000_00)
    one.walk("YEARLY", "visit", until="approved")
    ruled(world, "spending.visit", 0)
    given = {"paid_on": today(), "slip": "BK-1"}
    said = refuses(one.case, "pay", by=one.finance(Role.FISCAL_OFFICER), given=given)
    assert said == "财政专户的管理活动经费专款专用，用途在准予的范围内"


@pytest.mark.clause("M-092")
def test_more_than_the_account_holds_is_neither_approved_nor_paid(world):
    one = road(world)
    account = earn(1_000_00)
    one.walk("YEARLY", "activity", until="approved")
    officer = one.finance(Role.FISCAL_OFFICER)
    journal.book(
        [journal.moving(EntryKind.CHARGE, 1, account=account.pk, on=today(), summary="手续费")],
        act=uuid4(), at=now(),
    )  # fmt: skip
    given = {"paid_on": today(), "slip": "BK-1"}
    assert refuses(one.case, "pay", by=officer, given=given) == "财政专户余额足够"
    other = AllocationRehearsal(world.office(RONGCHENG))
    other.walk("YEARLY", "visit", until="reviewed")
    assert refuses(other.case, "approve", by=other.finance(Role.FISCAL_REVIEWER)) == "财政专户余额足够"


def test_the_journal_itself_refuses_a_day_on_which_the_account_did_not_hold_it(world):
    one = road(world)
    earn(1_000_00)
    one.walk("YEARLY", "activity", until="approved")
    given = {"paid_on": today() - timedelta(days=1), "slip": "BK-1"}
    assert refuses(one.case, "pay", by=one.finance(Role.FISCAL_OFFICER), given=given).startswith(
        "超过专户余额"
    )
    assert FundAllocation.objects.get(pk=one.case.pk).stage == "approved"
    assert not Entry.objects.filter(kind=EntryKind.ALLOCATION).exists()


def test_a_street_is_given_the_same_once_a_year(world):
    one = road(world)
    one.calculate("YEARLY", "activity")
    assert cannot_open(one, "YEARLY", "activity") == ONCE_A_YEAR
    for year, purpose in ((today().year, "visit"), (today().year - 1, "activity")):
        AllocationRehearsal(one.body).calculate("YEARLY", purpose, year=year)
    settle(world, "445202004-RMO", 1)
    late = AllocationRehearsal(one.body)
    late.calculate("YEARLY", "activity")
    assert list(given_to(late)) == ["445202004-RMO"]  # who came later gets its own


def test_what_is_withdrawn_or_left_out_may_be_given_by_another(world):
    one = road(world)
    one.calculate("YEARLY", "activity")
    clerk = one.bureau(Role.FEE_CLERK)
    [share, *_others] = one.shares("waiting")
    assert "请写明理由" in refuses(share, "leave_out", by=clerk)
    share = one_moves(share, "leave_out", clerk, reason="上年未报使用情况")
    assert (share.stage, share.counts) == ("left_out", False)
    one.perform("withdraw", clerk, reason="用途有误")
    assert set(Share.objects.filter(case=one.case.pk).values_list("stage", "counts")) == {("left_out", False)}
    again = AllocationRehearsal(one.body)
    again.calculate("YEARLY", "activity")
    assert len(given_to(again)) == 3


def test_heads_are_those_of_the_base_date_and_of_own_streets(world):
    one = road(world, HEADS | {LIUSHADONG: 4})
    yesterday = today() - timedelta(days=1)
    assert cannot_open(one, "YEARLY", "activity", base_date=yesterday).startswith("基准日没有")
    one.calculate("YEARLY", "activity")
    assert LIUSHADONG not in given_to(one)
    assert "不能晚于今天" in cannot_open(one, "YEARLY", "visit", base_date=today() + timedelta(days=1))
    assert "请选择用途" in cannot_open(one, "YEARLY")


# --- the start-up grant ---


@pytest.mark.clause("M-093", "M-094")
def test_a_start_up_grant_is_paid_by_the_county_and_never_out_of_the_account(world):
    one = road(world)
    account = earn(1_00)
    one.walk("START_UP")
    assert one.case.stage == "closed"
    assert (one.case.allocation.finance.key, one.case.allocation.slip) == ("445202-FIN", f"BK-{one.case.pk}")
    assert one.case.allocation.purpose == "startup"
    assert journal.balance(account) == 1_00
    assert not Entry.objects.filter(case=one.case.pk).exists()
    invariants_hold()


@pytest.mark.clause("M-093")
@pytest.mark.parametrize(("heads", "band"), [(1, 1), (500, 1), (501, 2), (2000, 2), (2001, 3), (100_000, 3)])
def test_a_number_at_the_boundary_falls_in_the_right_band(heads, band):
    assert band_of(heads, [500, 2000]) == band


@pytest.mark.clause("M-093")
def test_each_street_is_given_the_amount_of_its_band(world):
    ruled(world, "startup.limit.1", 2)
    ruled(world, "startup.limit.2", 4)
    one = road(world, {RONGHUA: 2, XINXING: 3, ZHONGSHAN: 5})
    settle(world, "445202004-RMO", 4)
    one.calculate("START_UP")
    assert given_to(one) == {
        RONGHUA: (2, 1, 20_000_00), XINXING: (3, 2, 40_000_00), ZHONGSHAN: (5, 3, 60_000_00),
        "445202004-RMO": (4, 2, 40_000_00),
    }  # fmt: skip
    used = {rule.key: rule.value for rule in one.case.allocation.rules.all()}
    assert (used["startup.limit.1"], used["startup.amount.3"], len(used)) == (2, 60_000_00, 5)


@pytest.mark.clause("M-093")
def test_a_second_start_up_grant_to_the_same_street_is_refused(world):
    one = road(world)
    one.walk("START_UP", until="paid")
    assert cannot_open(one, "START_UP") == ONCE_IN_LIFE
    assert cannot_open(one, "START_UP", year=today().year - 1) == ONCE_IN_LIFE
    share = Share.objects.filter(case=one.case.pk).first()
    other = AllocationRehearsal(one.body)
    other.calculate("YEARLY", "activity")
    with pytest.raises(IntegrityError, match="start_up_once_in_life"), transaction.atomic():
        Share.objects.filter(case=other.case.pk, organisation=share.organisation_id).update(
            kind="START_UP", purpose="startup"
        )


@pytest.mark.clause("M-094")
def test_a_city_source_is_refused(world):
    one = road(world)
    assert cannot_open(AllocationRehearsal(world.office(CITY)), "START_UP") == "开办费由县（市、区）财政负担"
    one.walk("START_UP", until="reviewed")
    matter = one.case.allocation
    matter.finance = Organisation.objects.get(key="445200-FIN")
    matter.save()
    said = refuses(one.case, "approve", by=world.by(Role.FISCAL_REVIEWER, "445200-FIN"))
    assert said == "开办费由县（市、区）财政负担"


def test_a_management_committee_gives_to_its_streets_out_of_its_own_finance(world):
    zone = world.office("4452MC-01-RMO")
    Organisation.objects.filter(key=ZHONGSHAN).update(superior=zone)
    one = road(world, {ZHONGSHAN: 1, RONGHUA: 1}, zone.key)
    one.walk("START_UP")
    assert (one.case.stage, one.case.allocation.finance.key) == ("closed", "4452MC-01-FIN")
    assert list(given_to(one)) == [ZHONGSHAN]


# --- who does what ---


@pytest.mark.clause("M-092")
def test_reckoning_reviewing_approving_and_paying_are_four_people(world):
    one = road(world)
    earn(5_000_00)
    one.walk("YEARLY", "activity", until="calculated")
    clerk = one.bureau(Role.FEE_CLERK)
    assert "由退管机构审核人办理" in refuses(one.case, "review", by=clerk)
    reviewer = again_as(world, clerk, Role.RMO_REVIEWER, one.body)
    said = refuses(one.case, "review", by=reviewer)
    assert "与办理“核算拨付、提交审核”的人不是同一人" in said
    one.review()
    finance = one.case.allocation.finance
    for role in (Role.FEE_CLERK, Role.RMO_REVIEWER):
        somebody = again_as(world, one.bureau(role), Role.FISCAL_REVIEWER, finance)
        assert "的人不是同一人" in refuses(one.case, "approve", by=somebody)
    one.approve()
    officer = again_as(world, one.finance(Role.FISCAL_REVIEWER), Role.FISCAL_OFFICER, finance)
    given = {"paid_on": today(), "slip": "BK-1"}
    said = refuses(one.case, "pay", by=officer, given=given)
    assert "与办理“核算拨付、提交审核、审核、批准拨付”的人不是同一人" in said


def test_another_county_and_another_street_have_no_hand_in_it(world):
    one = road(world)
    one.walk("START_UP", until="calculated")
    assert "由退管机构审核人办理" in refuses(one.case, "review", by=world.by(Role.RMO_REVIEWER, PUNING))
    for act in (one.review, one.approve, one.pay):
        act()
    share = one.shares("granted").get(organisation__key=RONGHUA)
    other = world.by(Role.STREET_HEAD, XINXING)
    given = {"used": "1.00", "use": "活动"}
    assert "由街道（乡镇）事务所所长办理" in refuses(share, "report", by=other, given=given)


def test_what_is_sent_back_is_reckoned_and_reviewed_again(world):
    one = road(world)
    one.walk("START_UP", until="reviewed")
    fiscal = one.finance(Role.FISCAL_REVIEWER)
    assert "请写明理由" in refuses(one.case, "finance_sends_back", by=fiscal)
    one.perform("finance_sends_back", fiscal, reason="中山街道尚未挂牌")
    clerk = one.bureau(Role.FEE_CLERK)
    one_moves(one.shares("waiting").get(organisation__key=ZHONGSHAN), "leave_out", clerk, reason="尚未挂牌")
    for act in (one.submit, one.review, one.approve, one.pay):
        act()
    assert set(given_to(one)) == {RONGHUA, XINXING}
    one.report()
    one.accept()
    assert one.case.stage == "closed"


def test_nothing_is_submitted_when_no_street_is_left(world):
    one = road(world, {RONGHUA: 1})
    one.calculate("START_UP")
    clerk = one.bureau(Role.FEE_CLERK)
    one_moves(one.shares("waiting").get(), "leave_out", clerk, reason="尚未挂牌")
    assert refuses(one.case, "submit", by=clerk) == "至少列有一个街道（乡镇）"


# --- the streets report ---


def test_every_street_reports_for_itself_and_the_last_one_closes_the_case(world):
    one = road(world, {RONGHUA: 1, XINXING: 1})
    one.walk("START_UP", until="paid")
    first, second = one.shares("granted")
    head = one.cast.holder(Role.STREET_HEAD, first.organisation_id)
    given = {"used": "20000.00", "use": "购置办公设备"}
    assert "已附“经费使用情况报告”" in refuses(first, "report", by=head, given=given)
    one.attach(one.cast.holder(Role.STREET_HEAD, second.organisation_id))
    assert "已附“经费使用情况报告”" in refuses(
        first, "report", by=head, given=given
    )  # the other's is not its own
    one.attach(head)
    said = refuses(first, "report", by=head, given=given | {"used": "20000.01"})
    assert said == "使用金额不超过拨付金额"
    first = one_moves(first, "report", head, given=given)  # which does not use up the other's
    reviewer = one.bureau(Role.RMO_REVIEWER)
    first = one_moves(first, "ask_again", reviewer, reason="缺票据清单")
    assert first.stage == "granted"
    assert "已附“经费使用情况报告”" in refuses(first, "report", by=head, given=given)
    world.attach(one.case, UseReport, by=head)
    first = one_moves(first, "report", head, given=given)
    one_moves(first, "accept", reviewer)
    one.again()
    assert one.case.stage == "paid"
    head = one.cast.holder(Role.STREET_HEAD, second.organisation_id)
    one_moves(one_moves(second, "report", head, given=given), "accept", reviewer)
    one.again()
    assert one.case.stage == "closed"


def test_a_street_sees_the_case_when_it_is_given_something(world):
    one = road(world, {RONGHUA: 1})
    one.walk("START_UP", until="approved")
    sees = partial(one.case.participants.filter(organisation__key=RONGHUA).values_list, "open", "roles")
    assert list(sees()) == []
    one.pay()
    assert list(sees()) == [(True, [Role.STREET_HEAD])]


def test_three_streets_take_the_statements_of_one(world):
    cost = {}
    for number, body, streets in ((1, PUNING, [LIUSHADONG]), (3, RONGCHENG, [RONGHUA, XINXING, ZHONGSHAN])):
        one = road(world, dict.fromkeys(streets, 2), body)
        earn(5_000_00, f"{body.removesuffix('-RMO')}-FIN")
        for role in (Role.FEE_CLERK, Role.RMO_REVIEWER):
            one.bureau(role)
        opening = len(statements(partial(one.calculate, "YEARLY", "activity")))
        one.submit()
        one.review()
        one.finance(Role.FISCAL_REVIEWER)
        acts = [len(statements(act)) for act in (one.approve, one.pay)]
        cost[number] = (opening, *acts)
    assert cost[1] == cost[3]


def one_moves(share, name: str, by, **terms):
    """Make a move on a share and return it as it stands then."""
    return type(share).objects.get(pk=perform(share, name, by=by, **terms).pk)
