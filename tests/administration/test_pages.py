"""The desk's pages: open to administrators, the same few statements for one row and for three, no case content."""

import re

import pytest

from apps.audit.models import Event
from apps.organisations import second_person
from apps.organisations.models import Organisation, Post, User
from apps.retirees.models import Retiree
from tests.worlds import people

PAGES = ("", "overview/", "proposals/", "people/", "bodies/", "divisions/")


@pytest.mark.parametrize("username", ["sys-admin", "sec-admin", "audit-admin"])
def test_administrators_see_the_desk_and_others_do_not(town, as_, username):
    browser = as_(username)
    assert {browser.get(f"/administration/{page}").status_code for page in PAGES} == {200}
    for other in ("city-head", "city-auditor", "rongyuan-clerk"):
        assert {
            as_(other).get(f"/administration/{page}").status_code for page in PAGES if page != "proposals/"
        } == {403}


@pytest.mark.parametrize("username", ["sys-admin", "sec-admin", "audit-admin", "city-clerk", "city-head"])
def test_no_page_of_the_desk_leads_where_one_may_not_go(town, as_, username):
    browser = as_(username)
    for page in PAGES:
        ways = set(
            re.findall(
                r'href="(/(?:administration|jobs)/[^"?]*)', browser.get(f"/administration/{page}").text
            )
        )
        refused = {way for way in ways if browser.get(way).status_code == 403}
        assert refused == set(), page


def test_a_change_that_does_not_exist_has_no_page(town, as_):
    assert as_("sys-admin").get("/administration/propose/nonsense/").status_code == 404


def test_administrators_see_no_case_and_nobody_in_one(world, as_):
    case = world.batch("completed", people(2))
    names = list(Retiree.objects.values_list("name", flat=True))
    for username in ("sys-admin", "sec-admin", "audit-admin"):
        browser = as_(username)
        assert browser.get(f"/cases/{case.number}/").status_code == 404
        assert browser.get("/", {"show": "all"}).context["lines"] == []
        assert browser.get("/ledger/").status_code == 403
        for page in ("/histories/", *(f"/administration/{page}" for page in PAGES)):
            said = browser.get(page).content.decode()
            assert case.number not in said
            assert not any(name in said for name in names)


def test_the_audit_administrator_reads_what_was_administered_and_no_more(
    world, town, as_, system, security, line
):
    world.batch("completed", people(1))
    second_person.approve(second_person.propose("appoint", [line()], by=system), by=security)
    browser = as_("audit-admin")
    seen = {
        kind: [told.event.stream for told in browser.get("/histories/", {"kind": kind}).context["lines"]]
        for kind in ("proposals", "accounts", "bodies", "rules", "business", "readings")
    }
    assert set(seen["proposals"]) == {"proposal"}
    assert set(seen["accounts"]) == {"actor"}
    assert set(seen["bodies"]) == {"organisation"}
    assert seen["business"] == seen["readings"] == seen["proposals"]
    business = Event.objects.filter(stream="case").first()
    assert browser.get(f"/histories/events/{business.pk}/").status_code == 404
    proposed = Event.objects.filter(stream="proposal").first()
    assert browser.get(f"/histories/events/{proposed.pk}/").status_code == 200
    assert browser.post("/histories/verify/").context["sound"]
    assert as_("sys-admin").get("/histories/", {"kind": "proposals"}).context["lines"] == []


@pytest.mark.parametrize(
    ("page", "statements"), [("proposals/", 5), ("people/", 8), ("bodies/", 5), ("divisions/", 6)]
)
def test_a_list_costs_the_same_for_one_row_and_for_three(
    town, as_, system, line, django_assert_num_queries, page, statements
):
    browser = as_("sec-admin")
    browser.get(f"/administration/{page}")
    second_person.propose("appoint", [line("one")], by=system)
    asked = {"people/": "罗敏辉", "bodies/": "445202001-RMO", "divisions/": "445202001"}.get(page, "")
    for words in (asked, ""):
        with django_assert_num_queries(statements):
            browser.get(f"/administration/{page}", {"q": words})
        second_person.propose("appoint", [line("two"), line("three")], by=system)


def test_a_list_of_enterprises_costs_the_same_for_one_and_for_all(town, as_, django_assert_num_queries):
    browser = as_("city-clerk")
    browser.get("/administration/enterprises/")
    for words in ("东晖", ""):
        with django_assert_num_queries(7):
            browser.get("/administration/enterprises/", {"q": words})


def test_empty_lists_say_so(town, as_):
    assert "没有待批准的变更" in as_("sec-admin").get("/administration/proposals/").content.decode()
    nobody = as_("sec-admin").get("/administration/people/", {"q": "查无此人"}).content.decode()
    assert "没有符合条件的人员" in nobody


def test_the_overview_tells_of_seals_and_room(town, as_):
    context = as_("sys-admin").get("/administration/overview/").context
    assert (context["seal"], context["seal_late"], context["unsealed"]) == (None, True, Event.objects.count())
    assert context["disk"]["total"] > context["disk"]["free"] > 0
    assert dict(context["versions"])["Django"].startswith("5.2")


def test_one_person_and_one_body_show_what_may_be_done(town, as_):
    person, body = town.person("city-clerk"), town.office("445202001-RMO")
    assert as_("sys-admin").get(f"/administration/people/{person.pk}/").context["may_propose"]
    assert not as_("sec-admin").get(f"/administration/people/{person.pk}/").context["may_propose"]
    own = town.person("sys-admin")
    assert not as_("sys-admin").get(f"/administration/people/{own.pk}/").context["may_propose"]
    page = as_("sys-admin").get(f"/administration/bodies/{body.pk}/")
    assert [post.user.name for post in page.context["posts"]] == [
        post.user.name for post in Post.objects.filter(organisation=body).order_by("role", "pk")
    ]


def test_people_are_found_by_what_is_to_be_done_about_them(town, as_):
    User.objects.create(username="idle", name="示例闲人")
    User.objects.create(username="gone", name="示例去者", is_active=False)
    Organisation.objects.get(key="PLATFORM")

    def found(**asked):
        page = as_("sys-admin").get("/administration/people/", asked).context["page"]
        return {one.username for one in page.object_list}

    assert found(show="administrators") == {"sys-admin", "sec-admin", "audit-admin"}
    assert (found(show="idle"), found(show="left"), found(show="invited")) == ({"idle"}, {"gone"}, set())
    assert found(q="榕华街道劳动保障") == {"ronghua-clerk", "ronghua-head"}
