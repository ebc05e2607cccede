"""A password is chosen by its person alone: the link comes from one hand, the code from another."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections, transaction
from django.test import Client

from apps.audit.models import Event
from apps.audit.streams import lock
from apps.demo import town as demo_town
from apps.organisations import invitations, posts, second_person
from apps.organisations.choices import Role
from apps.organisations.models import SignedIn, User
from apps.organisations.refusals import NotChanged
from tests.racing import until_waiting

CHOSEN = "一个只有本人知道的密码8"


@pytest.fixture
def newcomer(system, security, line):
    second_person.approve(second_person.propose("appoint", [line()], by=system), by=security)
    return User.objects.get(username="newcomer")


def shown(browser, person):
    answer = browser.post(f"/administration/people/{person.pk}/hand-over/")
    return answer.context["secret"], answer.context["part"]


def choose(link, code, password=CHOSEN):
    sent = {"code": code, "new_password1": password, "new_password2": password}
    return Client().post(link, sent)


def test_each_administrator_is_shown_one_half(as_, newcomer):
    (link, first), (code, second) = shown(as_("sys-admin"), newcomer), shown(as_("sec-admin"), newcomer)
    assert (first, second) == ("link", "code")
    assert "/password/" in link and re.fullmatch(r"\w{5}-\w{5}", code)
    for username in ("audit-admin", "city-head", "rongcheng-clerk", "newcomer"):
        place = f"/administration/people/{newcomer.pk}/hand-over/"
        assert as_(username).post(place).status_code == 404
    seen = Event.objects.filter(stream="actor", stream_id=newcomer.pk).values_list("move", flat=True)
    assert list(seen.order_by("seq")) == ["enrol", "show_link", "show_code"]


def test_with_both_halves_the_person_chooses_a_password_once(as_, newcomer):
    link, code = shown(as_("sys-admin"), newcomer)[0], shown(as_("sec-admin"), newcomer)[0]
    assert Client().get(link).status_code == 200
    assert choose(link, code.lower().replace("-", " ")).headers["Location"] == "/login/"
    newcomer.refresh_from_db()
    assert (newcomer.check_password(CHOSEN), newcomer.invited_at) == (True, None)
    assert choose(link, code, "另一个只有别人知道的密码").status_code == 404


def test_the_link_alone_is_worth_nothing(as_, newcomer):
    link = shown(as_("sys-admin"), newcomer)[0]
    answer = choose(link, "AAAAA-AAAAA")
    assert (answer.status_code, bool(answer.context["form"].errors["code"])) == (200, True)
    assert Event.objects.filter(stream="actor", stream_id=newcomer.pk).latest("seq").move == "wrong_code"
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()
    forged = link.rsplit("/", 2)[0] + "/abc-def/"
    assert Client().get(forged).status_code == 404
    assert Client().get("/password/!!/abc-def/").status_code == 404


def test_nobody_is_shown_both_halves_under_two_hats(town, newcomer):
    clerk, reviewer = town.acting("city-clerk"), town.acting("city-reviewer")
    invitations.link(newcomer, by=clerk)
    hat = type(reviewer)(clerk.user, reviewer.post, reviewer.organisation, reviewer.role)
    with pytest.raises(NotChanged, match="两人"):
        invitations.code(newcomer, by=hat)
    assert invitations.code(newcomer, by=reviewer)


def test_whoever_asks_under_two_hats_at_one_moment_is_shown_one_half(transactional_db):
    """Both requests stand before the person's lock; the second sees what the first was shown."""
    demo_town.build()
    clerk = demo_town.acting("city-clerk")
    person = invitations.invite(demo_town.person("city-head"), by=None)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            lock(User, [person.pk])
            asked = [pool.submit(asks, half, person, clerk) for half in (invitations.link, invitations.code)]
            until_waiting(2, asked)
        shown = [each.result(timeout=60) for each in asked]
    assert [isinstance(each, NotChanged) for each in shown].count(True) == 1


def asks(half, person, by):
    """What somebody is shown, or the refusal, on a connection of its own."""
    try:
        return half(person, by=by)
    except NotChanged as refused:
        return refused
    finally:
        connections.close_all()


def test_a_link_that_another_has_followed_is_worth_nothing_in_a_page_left_open(newcomer):
    left_open, code = User.objects.get(pk=newcomer.pk), invitations.code(newcomer, by=None)
    invitations.invite(newcomer, by=None)
    with pytest.raises(NotChanged, match="已失效"):
        invitations.accept(left_open, code=code, password=CHOSEN)
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()


def test_an_authority_gives_nobody_a_password_who_also_works_elsewhere(town, as_):
    """Otherwise a clerk and a reviewer could become their head, who once worked for an enterprise of theirs."""
    person, place = town.person("city-head"), "/administration/people/{}/hand-over/"
    posts.appoint(person, town.office("ENT-001"), Role.ENT_CLERK, by=None, since=date(2026, 1, 1))
    own = town.person("rongyuan-clerk")
    for each in (person, own):
        invitations.invite(each, by=None)
    assert as_("city-clerk").post(place.format(person.pk)).status_code == 404
    assert as_("city-reviewer").post(place.format(person.pk)).status_code == 404
    assert as_("city-clerk").post(place.format(own.pk)).status_code == 200


def test_a_weak_password_is_refused(as_, newcomer):
    link, code = shown(as_("sys-admin"), newcomer)[0], shown(as_("sec-admin"), newcomer)[0]
    assert "new_password2" in choose(link, code, "12345").context["form"].errors


def test_who_has_a_password_is_shown_to_nobody(town, system):
    with pytest.raises(NotChanged):
        invitations.link(town.person("city-head"), by=system)


def test_a_reset_ends_password_and_sessions_and_needs_a_second_person(town, as_, system, security):
    person = town.person("city-clerk")
    browser = as_("city-clerk")
    assert SignedIn.objects.filter(user=person).count() == 1
    proposal = second_person.propose("invite", [{"person": person.pk, "reason": "忘记密码"}], by=system)
    assert browser.get("/").status_code == 200
    second_person.approve(proposal, by=security)
    assert browser.get("/").status_code == 302
    assert not SignedIn.objects.filter(user=person).exists()
    assert not town.person("city-clerk").check_password(town.PASSWORD)


def test_sessions_are_listed_and_ended(town, as_):
    person, browser = town.person("city-clerk"), as_("city-clerk")
    place = f"/administration/people/{person.pk}/"
    assert len(as_("sys-admin").get(place).context["sessions"]) == 1
    assert as_("audit-admin").post(f"{place}keep/", {"deed": "end_sessions"}).status_code == 403
    as_("sec-admin").post(f"{place}keep/", {"deed": "end_sessions"})
    assert browser.get("/").status_code == 302
    assert Event.objects.filter(stream="actor", stream_id=person.pk, move="end_sessions").exists()


def test_a_locked_account_is_shown_and_unlocked(town, as_, client, settings):
    person = town.person("city-clerk")
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        client.post("/login/", {"username": "city-clerk", "password": "wrong"})
    right = {"username": "city-clerk", "password": town.PASSWORD}
    assert client.post("/login/", right).status_code == 429
    listed = as_("sys-admin").get("/administration/people/", {"show": "locked"}).context["page"].object_list
    assert [one.username for one in listed] == ["city-clerk"]
    as_("sys-admin").post(f"/administration/people/{person.pk}/keep/", {"deed": "unlock"})
    assert client.post("/login/", right).status_code == 302
