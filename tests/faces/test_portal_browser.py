"""The registers in a real browser: desk, histories and ledger on a desk and on a phone, and what axe says of them."""

import pytest

from apps.cases.models import Case, CaseItem
from apps.transfers.models import RosterRow
from tests.worlds import workbook

from .test_story import DESK, PHONE, browser, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WINDOWS = [DESK, PHONE | {"javascript": False}]


def roster_of(case, tmp_path):
    """A roster of five people, two of them without a name, as a file on somebody's desk."""

    def spoil(rows):
        rows[0]["name"] = rows[1]["name"] = "A1"

    path = tmp_path / "花名册.xlsx"
    path.write_bytes(workbook(case, 5, change=spoil).read())
    return path


@pytest.mark.parametrize("window", WINDOWS)
def test_a_clerk_opens_a_batch_uploads_and_leaves_out_what_is_faulty(town, visit, tmp_path, window):  # noqa: F811
    clerk = visit("rongyuan-clerk", **window).go("/desk/")
    clerk.page.click("button:has-text('新建移交批次')")
    clerk.page.set_input_files("input[type=file]", roster_of(Case.objects.get(), tmp_path))
    clerk.page.click("button:has-text('上传并检查')")
    assert "已读取 5 人，其中 2 人有必须改正的问题" in clerk.reads()
    clerk.page.click("button:has-text('全部 2 行不合格的不申报')")
    clerk.page.click("button:has-text('确认这 2 人不申报')")
    assert "已注明 2 人不申报" in clerk.reads()
    assert RosterRow.objects.filter(left_out=True).count() == 2
    clerk.page.click("a:has-text('去申报')")
    assert clerk.page.url.endswith(f"/cases/{Case.objects.get().number}/")
    assert clerk.complaints == []


def test_an_auditor_verifies_a_case_from_its_history(walked, visit):  # noqa: F811
    case = walked("accepted")
    auditor = visit("city-auditor", **DESK).go(f"/histories/?case={case.number}")
    auditor.page.click("button:has-text('校验本案履历')")
    assert "未发现改动" in auditor.reads()
    assert auditor.complaints == []


@pytest.mark.parametrize("window", [DESK, PHONE])
def test_every_register_is_sound_to_axe_and_fits_its_window(walked, visit, window):  # noqa: F811
    case = walked("completed", rows=40)
    item = CaseItem.objects.filter(case=case.pk, stage__in=["received", "enrolled", "settled"]).first()
    clerk = item.organisation.posts.get(role="STREET_CLERK").user.username
    person = item.retiree_id
    pages = {
        "rongyuan-clerk": ["/desk/", f"/desk/{case.number}/roster/"],
        "city-auditor": [
            "/histories/",
            "/histories/?kind=bodies",
            f"/histories/people/{person}/",
            "/ledger/",
        ],
        clerk: ["/ledger/", "/ledger/changes/", f"/ledger/people/{person}/", "/ledger/?q=zzz"],
    }
    for username, places in pages.items():
        visitor = visit(username, **window)
        for place in places:
            visitor.go(place)
            assert (place, visitor.faults(), visitor.overflows()) == (place, [], 0)
        assert visitor.complaints == []
