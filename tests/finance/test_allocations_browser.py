"""The page of allocations in a real browser: sound to axe, empty and full; and a street that reports on its share."""

import pytest

from apps.allocations.models import Share
from tests.engine.allocation_scenes import earn, settle
from tests.faces.test_story import DESK, PHONE, browser, visit  # noqa: F401 - fixtures
from tests.worlds import RONGCHENG, RONGHUA, XINXING, World
from workflows.rehearsals.allocation import AllocationRehearsal

from .test_browser import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLACE = "/finance/allocations/"


@pytest.fixture
def world(db):
    return World()


@pytest.mark.parametrize("window", [DESK, PHONE])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_sound_to_axe_and_fits_its_window(world, visit, window, language):  # noqa: F811
    clerk = visit("rongcheng-fee", **window)
    clerk.context.add_cookies([{"name": "django_language", "value": language, "url": clerk.server}])
    for state in ("empty", "full"):
        clerk.go(PLACE)
        shoot(clerk, f"{language}-{window['width']}-allocations-{state}")
        assert (clerk.faults(), clerk.overflows()) == ([], 0)
        if state == "empty":
            settle(world, RONGHUA, 2)
            settle(world, XINXING, 1)
            earn(1_000_00)
            one = AllocationRehearsal(world.office(RONGCHENG))
            one.walk("YEARLY", "activity", until="paid")
            AllocationRehearsal(one.body).walk("START_UP", until="draft")
    clerk.go(f"/cases/{one.case.number}/")
    shoot(clerk, f"{language}-{window['width']}-allocation")
    assert (clerk.faults(), clerk.overflows(), clerk.complaints) == ([], 0, [])


def test_a_street_reports_with_its_paper_in_one_go(world, visit, tmp_path):  # noqa: F811
    """Also after another street of the same case has reported."""
    settle(world, RONGHUA, 1)
    settle(world, XINXING, 1)
    one = AllocationRehearsal(world.office(RONGCHENG))
    one.walk("START_UP", until="paid")
    for username, key in (("ronghua-head", RONGHUA), ("xinxing-head", XINXING)):
        paper = tmp_path / f"{username}.pdf"
        paper.write_bytes(b"%PDF-1.4\n%%EOF " + username.encode())
        head = visit(username, **DESK).go(f"/cases/{one.case.number}/")
        head.page.check("input[name=pick]")
        head.page.click("text=办理所选")
        head.page.fill("input[name=used]", "19999.99")
        head.page.fill("textarea[name=use]", "购置办公设备")
        head.page.set_input_files("input[type=file]", paper)
        shoot(head, f"{username}-report")
        head.page.click("button:has-text('报送使用情况')")
        head.page.wait_for_load_state()
        assert Share.objects.get(case=one.case.pk, organisation__key=key).stage == "reported"
