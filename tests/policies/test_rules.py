"""Rule rows: what applies on a day, who may enter and approve one, and that an approved one stays."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.audit.models import Event
from apps.policies import rules, seeds
from apps.policies.keys import KEYS
from apps.policies.models import Document, Rule, RuleStatus
from apps.policies.rules import RuleMissing, RuleRefused

ISSUED = date(2005, 7, 14)
KEY = "transfer.acceptance"


def today():
    return timezone.localdate()


@pytest.fixture
def author(town):
    return town.acting("city-reviewer")


@pytest.fixture
def approver(town):
    return town.acting("city-head")


@pytest.fixture
def plan(db):
    return Document.objects.get(number=seeds.PLAN)


@pytest.fixture
def proposed(author, plan):
    """Seven days instead of five, from ten days ahead."""
    return rules.propose(
        KEY, 7, by=author, valid_from=today() + timedelta(days=10), basis=plan, citation="八"
    )


def test_every_declared_key_has_a_value_from_the_day_of_the_plan(db):
    assert set(rules.values(KEYS, ISSUED)) == set(KEYS)


def test_several_values_are_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        rules.values(KEYS, ISSUED)


@pytest.mark.clause("M-004")
def test_the_day_before_the_plan_there_is_no_rule(signed_in):
    browser = signed_in("city-clerk")
    assert not browser.get("/policies/rules/", {"on": "2005-07-13"}).context["rules"]
    assert len(browser.get("/policies/rules/", {"on": "2005-07-14"}).context["rules"]) == len(KEYS)
    for key in KEYS:
        with pytest.raises(RuleMissing):
            rules.value(key, date(2005, 7, 13))


def test_a_missing_rule_says_which_day_and_who_can_enter_one(db):
    with pytest.raises(RuleMissing) as missing:
        rules.value("fee.standard", date(2005, 7, 13))
    assert str(missing.value) == (
        "2005-07-13没有可适用的“管理活动经费标准（每人一次性）”，请市退管机构审核人员录入、负责人核准。"
    )


def test_a_moment_counts_as_its_day_in_china(db):
    just_after_midnight_in_china = datetime(2005, 7, 13, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert rules.value(KEY, just_after_midnight_in_china).value == 5


def test_no_default_is_shown_as_law(db):
    shown_as_law = set(Rule.objects.filter(status=RuleStatus.VERIFIED).values_list("key", flat=True))
    assert shown_as_law == {"target.socialisation", "target.community"}
    assert rules.value("fee.standard", ISSUED).status == RuleStatus.DEMO


def test_seeding_again_leaves_the_rules_and_their_events_alone(db):
    before = Rule.objects.count(), Event.objects.filter(stream="rule").count()
    seeds.load()
    assert (Rule.objects.count(), Event.objects.filter(stream="rule").count()) == before
    assert before[0] == before[1]


def test_a_proposed_row_applies_to_nothing(proposed):
    assert rules.value(KEY, proposed.valid.lower).value == 5


def test_the_same_row_entered_twice_waits_once(proposed, author, plan):
    again = rules.propose(KEY, 7, by=author, valid_from=proposed.valid.lower, basis=plan, citation="八")
    assert (again.pk, Rule.objects.filter(approved_at=None).count()) == (proposed.pk, 1)
    assert Event.objects.filter(stream="rule", stream_id=again.pk, move="propose").count() == 1


def test_an_approved_row_applies_from_its_first_day_and_the_one_before_until_then(proposed, approver):
    start = proposed.valid.lower
    rules.approve(proposed, by=approver)
    assert rules.value(KEY, start - timedelta(days=1)).value == 5
    assert rules.value(KEY, start).value == 7
    assert rules.value(KEY, start).id == proposed.pk


def test_entering_approving_and_ending_are_events_of_the_rows(proposed, author, approver):
    before = rules.value(KEY, today()).id
    rules.approve(proposed, by=approver)
    said = Event.objects.filter(stream="rule", stream_id__in=[before, proposed.pk]).order_by(
        "stream_id", "seq"
    )
    assert [(event.stream_id, event.move, event.person_id) for event in said] == [
        (before, "seed", None),
        (before, "end", approver.user.pk),
        (proposed.pk, "propose", author.user.pk),
        (proposed.pk, "approve", approver.user.pk),
    ]


def test_the_author_cannot_approve_even_as_head(proposed, town, approver):
    Rule.objects.filter(pk=proposed.pk).update(author=approver.user)
    with pytest.raises(RuleRefused, match="另一人"):
        rules.approve(proposed, by=approver)


def test_the_schema_refuses_one_person_for_both(proposed, author):
    with pytest.raises(IntegrityError, match="rule_approved_by_another"), transaction.atomic():
        Rule.objects.filter(pk=proposed.pk).update(approver=author.user)


@pytest.mark.parametrize("username", ["city-clerk", "rongcheng-reviewer", "ronghua-head", "city-auditor"])
def test_an_outsider_enters_no_rule(town, username):
    with pytest.raises(RuleRefused, match="市退管机构审核人员"):
        rules.propose(KEY, 7, by=town.acting(username), valid_from=today())


@pytest.mark.parametrize("username", ["city-clerk", "rongcheng-head", "city-auditor"])
def test_an_outsider_approves_no_rule(proposed, town, username):
    with pytest.raises(RuleRefused, match="市退管机构负责人"):
        rules.approve(proposed, by=town.acting(username))


def test_a_row_is_approved_once(proposed, approver):
    rules.approve(proposed, by=approver)
    with pytest.raises(RuleRefused, match="已经核准"):
        rules.approve(proposed, by=approver)


def test_the_past_of_a_used_row_is_not_rewritten(author, approver, plan):
    rule = rules.propose(KEY, 7, by=author, valid_from=today() - timedelta(days=1), basis=plan)
    with pytest.raises(RuleRefused, match="过去的期间"):
        rules.approve(rule, by=approver)


def test_a_period_that_is_taken_is_refused(proposed, author, approver, plan):
    rules.approve(proposed, by=approver)
    second = rules.propose(KEY, 9, by=author, valid_from=today() + timedelta(days=5), basis=plan)
    with pytest.raises(RuleRefused, match="已有核准"):
        rules.approve(second, by=approver)


@pytest.mark.parametrize("amount", [-1, 0, 5000])
def test_a_deadline_out_of_range_is_refused(author, amount):
    with pytest.raises(RuleRefused, match="范围"):
        rules.propose(KEY, amount, by=author, valid_from=today())


def test_an_undeclared_key_is_refused(author):
    with pytest.raises(RuleRefused, match="nonsense"):
        rules.propose("nonsense", 1, by=author, valid_from=today())


def test_a_rule_of_a_scope_goes_before_the_general_one(author, approver, plan):
    rule = rules.propose("fee.standard", 200_000, by=author, valid_from=today(), basis=plan, scope="445281")
    rules.approve(rule, by=approver)
    assert rules.value("fee.standard", today(), "445281").value == 200_000
    assert rules.value("fee.standard", today(), "445202").value == 150_000
    assert rules.value("fee.standard", today()).value == 150_000


@pytest.mark.parametrize(
    "change",
    [
        {"value": 6},
        {"key": "transfer.match"},
        {"status": RuleStatus.VERIFIED},
        {"basis": None},
        {"approved_at": None},
        {"valid": DateRange(date(2005, 7, 15), None)},
        {"valid": DateRange(ISSUED, date(2006, 1, 1))},
        {"valid": DateRange(empty=True)},
    ],
    ids=str,
)
def test_an_approved_row_is_never_edited(db, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.filter(key=KEY).update(**change)


def test_an_approved_row_is_never_removed(db):
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        Rule.objects.filter(key=KEY).delete()


def test_two_approved_rows_of_one_key_never_overlap(db, plan):
    with pytest.raises(IntegrityError, match="one_rule_in_force"), transaction.atomic():
        Rule.objects.create(
            key=KEY, value=9, valid=DateRange(date(2010, 1, 1), None), basis=plan, approved_at=timezone.now()
        )
