"""The finance desk in a real browser, empty and full of long words, on a desk and on a phone; and by keyboard alone."""

import datetime as dt
import os
from pathlib import Path

import pytest

from apps.fees import matching, suspense
from apps.fees.models import Match
from apps.organisations.choices import Role
from apps.treasury import months
from apps.treasury.models import EntryKind
from tests.faces.test_story import DESK, PHONE, browser, visit  # noqa: F401 - fixtures
from tests.treasury.conftest import Money
from tests.worlds import World

from .test_pages import LONG, OFFICER, PAGES, REVIEWER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONTH = dt.date(2026, 9, 1)
SMALL_DESK = DESK | {"width": 1280}


@pytest.fixture
def world(db):
    return World()


def fill(world, money) -> None:
    """Everything there is to see, in words as long as they may be."""
    officer = world.by(Role.FISCAL_OFFICER, "445200-FIN")
    money.lines({"fen": 99_999_999_00, "payer": LONG[:120], "note": LONG})
    suspense.book_rest(money.account(), by=officer)
    for number in range(3):
        money.due(123_456_78 + number, reference=f"YJ2026-00099{number}-X-1")
    money.lines({"fen": 123_456_78, "payer": LONG[:120], "note": LONG}, {"fen": 5_00, "payer": "李四"})
    [line] = money.lines({"fen": 1_00, "payer": "张三", "note": "YJ2026-000990-X-1"})
    matching.match(money.account())
    case = money.case().pk
    for month in range(4, 10):
        money.earn(month * 1_234_567_89, on=dt.date(2026, month, 15), case=case, summary=LONG)
    money.move(EntryKind.RECEIPT, 40_00, case=case, summary="YJ2026-000990-X-1")
    for month in range(4, 9):
        made = months.prepare(money.account(), dt.date(2026, month, 1), bank_fen=0, by=officer)
        for difference in made.differences.all():
            months.explain(difference, LONG, by=officer)
        for role, office in ((Role.FISCAL_REVIEWER, "445200-FIN"), (Role.RMO_REVIEWER, "445200-RMO")):
            months.sign(made, by=world.by(role, office))
    months.prepare(money.account(), MONTH, bank_fen=1, by=officer)
    assert line.match


@pytest.mark.parametrize("window", [SMALL_DESK, PHONE])
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_sound_to_axe_and_fits_its_window(world, visit, window, full, language):  # noqa: F811
    money = Money()
    more = []
    if full:
        fill(world, money)
        entry = money.account().entries.order_by("pk").first()
        more = [f"entries/{entry.pk}/", "months/2026-09/", "months/2026-08/"]
    place = f"/finance/{money.account().pk}/"
    for username in (OFFICER, REVIEWER, "city-auditor"):
        visitor = visit(username, **window)
        visitor.context.add_cookies([{"name": "django_language", "value": language, "url": visitor.server}])
        for page in [*PAGES, *more, *([] if username == OFFICER else [".."])]:
            visitor.go(place + page)
            state = "full" if full else "empty"
            shoot(
                visitor,
                "-".join([language, username, str(window["width"]), state, *page.strip("/").split("/")]),
            )
            assert (page, visitor.faults(), visitor.overflows()) == (page, [], 0)
        assert visitor.complaints == []


def shoot(visitor, name: str) -> None:
    """Keep a picture where TUIGUAN_PICTURES says."""
    if folder := os.environ.get("TUIGUAN_PICTURES"):
        visitor.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_lines_are_decided_by_keyboard_alone(world, visit):  # noqa: F811
    money = Money()
    fee = money.due(50_00)
    money.lines({"fen": 50_00, "payer": "李四"})
    officer = visit(OFFICER, **DESK).go(f"/finance/{money.account().pk}/matching/")
    officer.page.focus("fieldset input[type=radio]")
    officer.page.keyboard.press("ArrowDown")
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_selector("text=已认定 1 笔")
    assert Match.objects.get().assessment_id == fee.pk
