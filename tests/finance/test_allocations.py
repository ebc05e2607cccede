"""The page of what streets are given: who sees it, who opens another, and that a form opens one case."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.engine.allocation_scenes import earn, settle
from tests.worlds import PUNING, RONGCHENG, RONGHUA, XINXING, today
from workflows.models import FundAllocation
from workflows.rehearsals.allocation import AllocationRehearsal

PLACE = "/finance/allocations/"


def asked(**given) -> dict:
    usual = {"kind": "YEARLY", "year": today().year, "base_date": today(), "purpose": "activity"}
    return usual | {"key": str(uuid4())} | given


@pytest.mark.clause("M-092")
def test_the_fee_clerk_opens_one_case_however_often_the_form_is_sent(world, signed_in):
    settle(world, RONGHUA, 2)
    browser, form = signed_in("rongcheng-fee"), asked()
    assert browser.get(PLACE).status_code == 200
    answers = [browser.post(PLACE, form) for _sent in range(2)]
    case = FundAllocation.objects.get()
    assert {answer.url for answer in answers} == {f"/cases/{case.number}/"}
    page = browser.get(answers[0].url).content.decode()
    assert all(words in page for words in ("榕城区财政局财政专户", "200.00", "年度拨付", "活动", "榕华街道"))
    assert "200.00" in browser.get(PLACE).content.decode()


@pytest.mark.clause("M-092")
def test_what_is_refused_is_said_beside_the_form(world, signed_in):
    settle(world, RONGHUA, 1)
    browser = signed_in("rongcheng-fee")
    answer = browser.post(PLACE, asked(purpose="staff"))
    assert answer.status_code == 409 and "专款专用，不得用于“人员”" in answer.content.decode()
    answer = browser.post(PLACE, asked(purpose=""))
    assert answer.status_code == 409 and "请选择用途" in answer.content.decode()
    assert browser.post(PLACE, asked(key="no")).status_code == 400
    assert not FundAllocation.objects.exists()


@pytest.mark.clause("M-094")
def test_the_city_opens_no_start_up_grant(world, signed_in):
    answer = signed_in("city-fee").post(PLACE, asked(kind="START_UP"))
    assert answer.status_code == 409 and "开办费由县（市、区）财政负担" in answer.content.decode()


def test_others_open_nothing_and_see_only_what_concerns_them(world, signed_in):
    settle(world, RONGHUA, 1)
    one = AllocationRehearsal(world.office(RONGCHENG))
    one.walk("START_UP", until="reviewed")
    for username in ("rongcheng-reviewer", "rongcheng-fiscal"):
        browser = signed_in(username)
        assert one.case.number in browser.get(PLACE).content.decode()
        assert browser.post(PLACE, asked()).status_code == 403
    assert one.case.number not in signed_in("puning-fee").get(PLACE).content.decode()
    for username in ("ronghua-head", "rongyuan-clerk"):
        assert signed_in(username).get(PLACE).status_code == 404
    one.approve()
    one.pay()
    assert one.case.number in signed_in("ronghua-head").get(PLACE).content.decode()


def test_a_street_reads_its_own_share_and_reports_on_the_page(world, signed_in):
    settle(world, RONGHUA, 1)
    settle(world, XINXING, 1)
    one = AllocationRehearsal(world.office(RONGCHENG))
    one.walk("START_UP", until="paid")
    page = signed_in("ronghua-head").get(f"/cases/{one.case.number}/").content.decode()
    assert "报送使用情况" in page and "<b>新兴街道事务所</b>" not in page


def test_the_list_takes_the_statements_of_one(world, signed_in):
    settle(world, RONGHUA, 1)
    earn(1_000_00)
    browser, counted = signed_in("rongcheng-fiscal"), []
    for purpose in ("activity", "visit", "work"):
        AllocationRehearsal(world.office(RONGCHENG)).walk("YEARLY", purpose, until="reviewed")
        browser.get(PLACE)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PLACE)
        counted.append(len(queries))
    assert counted[0] == counted[2]


@pytest.mark.parametrize("username", ["puning-fee", "puning-finance"])
def test_the_tabs_lead_there(world, signed_in, username):
    assert world.office(PUNING)
    browser = signed_in(username)
    assert PLACE in browser.get("/finance/fees/").content.decode()
    assert PLACE in browser.get("/finance/", follow=True).content.decode()
