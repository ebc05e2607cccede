"""The list of fees: the bureau's desk, what finance waits for, and what an enterprise owes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.worlds import Person
from workflows.models import FeeCollection

FEES = "/finance/fees/"


@pytest.mark.clause("M-087")
def test_the_bureau_assesses_and_issues_many_batches_in_one_act(world, signed_in):
    for _batch in range(3):
        world.batch("agreed", 1)
    for username, move, after in (
        ("city-fee", "assess", "draft"),
        ("city-reviewer", "review", "reviewed"),
        ("city-head", "issue", "issued"),
    ):
        browser = signed_in(username)
        picks = [f"feecollection:{row.pk}" for row, _stage in browser.get(FEES).context["lines"] if row.mine]
        assert len(picks) == 3
        browser.post("/decide/", {"pick": picks, "machine": "feecollection", "move": move, "next": FEES})
        assert set(FeeCollection.objects.values_list("stage", flat=True)) == {after}


@pytest.mark.clause("M-087")
def test_an_enterprise_sees_what_it_owes_why_and_how_to_pay(world, signed_in):
    case = world.batch("clearing", 2)
    fee = FeeCollection.objects.get(case=case.pk)
    page = signed_in("rongyuan-clerk").get(FEES).content.decode()
    account = fee.finance.special_account
    assert all(words in page for words in ("3,000.00", "演示值", account.number, fee.reference))
    assert "ENT-002" not in page


def test_another_enterprise_and_another_county_see_nothing_of_it(world, signed_in):
    world.batch("clearing", 1)
    assert signed_in("puning-finance").get(FEES).context["lines"] == []
    assert signed_in("puning-fee").get(FEES).context["lines"] == []
    assert signed_in("ronghua-clerk").get(FEES).status_code == 404


def test_as_many_statements_for_three_as_for_one(world, signed_in):
    browser, counted = signed_in("city-fee"), []
    for number in (1, 2, 3):
        world.batch("agreed", [Person()])
        with CaptureQueriesContext(connection) as queries:
            assert len(browser.get(FEES).context["lines"]) == number
        counted.append(len(queries))
    assert counted[0] == counted[2]
