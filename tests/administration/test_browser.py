"""The desk in a real browser, on a desk and on a phone: from a proposal to a first sign-in, and what axe says."""

import pytest

from apps.demo import desk
from apps.organisations.proposal import Proposal
from tests.faces.test_story import DESK, PHONE, browser, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = "只有本人知道的密码一二三"
PAGES = (
    "", "overview/", "proposals/", "people/", "people/import/", "bodies/", "divisions/", "propose/appoint/",
    "propose/found/",
)  # fmt: skip


def secret(visitor, place) -> str:
    visitor.go(place)
    visitor.page.click("button:has-text('显示')")
    return visitor.page.inner_text(".secret")


@pytest.mark.parametrize("window", [DESK, PHONE | {"javascript": False}])
def test_from_a_proposal_to_a_first_sign_in(town, visit, window):  # noqa: F811
    system, security = visit("sys-admin", **window), visit("sec-admin", **window)
    system.go("/administration/propose/appoint/")
    for name, value in {
        "username": "newcomer",
        "name": "示例新人",
        "organisation": "445202001-RMO",
        "since": "2026-01-01",
    }.items():
        system.page.fill(f"main [name={name}]", value)
    system.page.select_option("main [name=role]", "STREET_CLERK")
    system.page.click("button:has-text('提交批准')")
    assert "不能批准自己的申请" in system.reads()
    security.go(f"/administration/proposals/{Proposal.objects.get().pk}/")
    security.page.click("button:has-text('批准')")
    assert "已批准" in security.reads()
    place = f"/administration/people/{town.person('newcomer').pk}/"
    link, code = secret(system, place), secret(security, place)
    newcomer = visit("city-head", **window)
    newcomer.context.clear_cookies()
    newcomer.page.goto(link)
    newcomer.page.fill("[name=code]", code)
    newcomer.page.fill("[name=new_password1]", CHOSEN)
    newcomer.page.fill("[name=new_password2]", CHOSEN)
    newcomer.page.click("main button")
    newcomer.sign_in("newcomer", CHOSEN)
    assert "待办" in newcomer.reads()
    assert system.complaints == security.complaints == newcomer.complaints == []


@pytest.mark.parametrize("window", [DESK, PHONE])
def test_every_page_of_the_desk_reads_well(town, visit, window):  # noqa: F811
    desk.fill()
    own, enterprise = (Proposal.objects.get(kind=kind) for kind in ("appoint", "enterprise"))
    person, body = town.person("city-clerk"), town.office("445202001-RMO")
    ours = [*PAGES, f"proposals/{own.pk}/", f"people/{person.pk}/", f"bodies/{body.pk}/", "register/"]
    theirs = ["enterprises/", "enterprises/enter/", f"proposals/{enterprise.pk}/"]
    for username, pages in (("sys-admin", ours), ("city-clerk", theirs)):
        visitor = visit(username, **window)
        for page in pages:
            visitor.go(f"/administration/{page}")
            assert (page, visitor.faults(), visitor.overflows()) == (page, [], 0)
        assert visitor.complaints == []
