"""The story of a morning at the office, in a real browser: sign in, look, decide; on a desk and on a phone."""

import os

import pytest
from playwright.sync_api import sync_playwright

from apps.cases.models import Case, CaseItem

from .browsing import Visitor, launch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    # Playwright's loop runs in this thread, where Django would rather not be asked for rows.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield launch(playwright)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser, live_server, town):
    """Sit down as somebody: ``visit("city-clerk", **PHONE)``."""
    seats = []

    def sit(username, **window):
        seats.append(Visitor(browser, live_server.url, **window))
        return seats[-1].sign_in(username, town.PASSWORD)

    yield sit
    for seat in seats:
        seat.context.close()


def street_clerk(case):
    street = CaseItem.objects.filter(case=case).order_by("organisation").first().organisation
    return street.posts.get(role="STREET_CLERK").user.username


def test_a_clerk_accepts_a_batch(walked, visit):
    case = walked("submitted")
    clerk = visit("city-clerk", **DESK)
    clerk.page.click("a:has-text('办理') >> nth=0")
    clerk.page.click("#decide button:has-text('受理') >> nth=0")
    assert "已办理“受理”" in clerk.reads()
    assert Case.objects.get(pk=case.pk).stage == "accepted"
    assert clerk.complaints == []


@pytest.mark.parametrize("window", [DESK, PHONE])
def test_a_street_confirms_all_its_people_in_one_act(walked, visit, window):
    case = walked("allocating", rows=30)
    clerk = visit(street_clerk(case), **window)
    clerk.page.check("[data-pick] >> nth=0")
    clerk.page.click("button:has-text('批量办理')")
    clerk.page.click(".decision-body button:has-text('确认接收')")
    assert "已办理“确认接收”" in clerk.reads()
    assert "目前没有等待本机构办理的事项" in clerk.reads()
    assert clerk.complaints == []


def test_without_javascript_everything_still_works(walked, visit):
    case = walked("submitted")
    clerk = visit("city-clerk", **DESK, javascript=False)
    clerk.page.fill("[name=q]", case.number)
    clerk.page.click("button:has-text('查询')")
    clerk.page.click("a:has-text('办理') >> nth=0")
    clerk.page.click("summary:has-text('一次性告知补正')")
    clerk.page.select_option("#id_correct_reason_code", "papers")
    clerk.page.click(".decision[open] button:has-text('一次性告知补正')")
    assert Case.objects.get(pk=case.pk).stage == "correction"


def test_a_page_left_open_cannot_decide_a_second_time(walked, visit):
    case = walked("submitted")
    first = visit("city-clerk", **DESK).go(f"/cases/{case.number}/")
    second = visit("city-clerk", **DESK).go(f"/cases/{case.number}/")
    for clerk in (first, second):
        clerk.page.click("#decide button:has-text('受理') >> nth=0")
    assert "已办理“受理”" in first.reads()
    assert "本页已过时" in second.reads()


def test_filtering_keeps_the_page_and_changes_the_address(walked, visit):
    walked("submitted")
    clerk = visit("city-clerk", **DESK)
    clerk.page.fill("[name=q]", "没有这样的企业")
    clerk.page.click("button:has-text('查询')")
    clerk.page.wait_for_selector("text=没有符合条件的事项")
    assert "q=" in clerk.page.url


@pytest.mark.parametrize("window", [DESK, PHONE])
def test_pages_are_accessible_and_fit_the_window(walked, visit, window):
    case = walked("allocating", rows=30)
    clerk = visit("city-reviewer", **window)
    found = {}
    for path in ("/", "/?show=all", f"/cases/{case.number}/", "/nowhere/"):
        clerk.go(path)
        found[path] = (clerk.faults(), max(0, clerk.overflows()))
    assert found == {path: ([], 0) for path in found}


def test_on_a_phone_the_first_case_is_above_the_fold(walked, visit):
    walked("submitted")
    clerk = visit("city-clerk", **PHONE)
    first = clerk.page.locator("table.cards tbody tr").first.bounding_box()
    assert first["y"] + first["height"] <= PHONE["height"]
