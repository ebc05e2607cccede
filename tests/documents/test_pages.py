"""The pages about papers in a real browser: readable on a desk and on a phone, nothing for axe to find."""

import pytest

from tests.faces.test_story import DESK, PHONE, browser, visit  # noqa: F401 - fixtures
from tests.worlds import World

from .conftest import draw_up, the

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fixed():
    """A batch whose list is fixed, its papers drawn up."""
    case = World().batch("list_fixed", 2)
    draw_up()
    return case


@pytest.mark.parametrize("window", [DESK, PHONE])
def test_the_pages_are_in_order_on_desk_and_phone(fixed, visit, window):  # noqa: F811
    paper = the(fixed, "ConfirmedRoster")
    clerk = visit("city-clerk", **window)
    for place in (
        f"/verify/{paper.code}/", "/verify/", f"/cases/{fixed.number}/issued/{paper.pk}/", "/papers/",
        f"/cases/{fixed.number}/",
    ):  # fmt: skip
        clerk.go(place)
        assert (place, clerk.faults(), max(clerk.overflows(), 0)) == (place, [], 0)
    assert clerk.complaints == []


def test_a_copy_is_downloaded_and_the_second_asks_why(fixed, visit):  # noqa: F811
    clerk = visit("city-clerk", **DESK)
    page = clerk.go(f"/cases/{fixed.number}/issued/{the(fixed, 'ConfirmedRoster').pk}/").page
    with page.expect_download() as copy:
        page.click("text=打印一份")
    assert copy.value.path().read_bytes()[:5] == b"%PDF-"
    page.reload()
    assert "再次打印请写明理由" in clerk.reads()
    page.fill("#id_reason", "原件遗失")
    with page.expect_download():
        page.click("text=打印一份")
    page.reload()
    assert "原件遗失" in clerk.reads()
