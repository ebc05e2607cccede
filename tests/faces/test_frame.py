"""The frame around every page: signing in, posts, language, large type, errors."""

from datetime import timedelta

from django.utils import timezone, translation

from apps.audit.models import Event
from apps.inbox.templatetags.faces import due
from apps.organisations import posts
from apps.organisations.choices import Role


def test_signing_in_and_out_stand_in_the_actors_own_stream(town, client):
    client.post("/login/", {"username": "city-clerk", "password": town.PASSWORD})
    client.post("/logout/")
    person = town.person("city-clerk")
    moves = (
        Event.objects.filter(stream="actor", stream_id=person.pk)
        .order_by("seq")
        .values_list("move", flat=True)
    )
    assert list(moves)[-2:] == ["signed_in", "signed_out"]


def test_a_wrong_password_is_refused_in_words(town, client):
    answer = client.post("/login/", {"username": "city-clerk", "password": "wrong"})
    assert ("_auth_user_id" in client.session, answer.status_code) == (False, 200)


def test_a_person_with_two_posts_chooses_under_which_to_act(town, signed_in):
    person, office = town.person("city-clerk"), town.office("445200-RMO")
    second = posts.appoint(person, office, Role.RMO_HEAD, by=None, since=office.active_from)
    browser = signed_in("city-clerk")
    assert browser.get("/").wsgi_request.acting.role == Role.RMO_CLERK
    browser.post("/acting/", {"post": second.pk})
    assert browser.get("/").wsgi_request.acting.role == Role.RMO_HEAD


def test_nobody_acts_under_a_post_of_somebody_else(town, signed_in):
    foreign = town.person("city-head").posts.get()
    assert signed_in("city-clerk").post("/acting/", {"post": foreign.pk}).status_code == 404


def test_large_type_is_kept_with_the_person(town, signed_in):
    browser = signed_in("city-clerk")
    browser.post("/large-type/", {"next": "/"})
    assert 'class="large"' in browser.get("/").content.decode()


def test_one_is_never_sent_to_another_site(town, signed_in):
    answer = signed_in("city-clerk").post("/large-type/", {"next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


def test_an_address_that_is_not_there_is_answered_in_chinese(town, signed_in):
    answer = signed_in("city-clerk").get("/nowhere/")
    assert (answer.status_code, "没有找到这一页" in answer.content.decode()) == (404, True)


def test_nothing_stays_in_the_browser_of_a_shared_desk(town, signed_in):
    assert signed_in("city-clerk").get("/").headers["Cache-Control"] == "no-store, private"


def _here(answer) -> list[str]:
    return [entry["url"] for entry in answer.context["navigation"] if entry["here"]]


def test_the_bar_says_inbox_only_on_the_inboxs_own_pages(town, signed_in):
    browser = signed_in("city-clerk")
    assert [_here(browser.get(path)) for path in ("/", "/coming/", "/papers/")] == [
        ["/"],
        ["/"],
        ["/papers/"],
    ]
    assert [_here(browser.get(path)) for path in ("/notices/", "/jobs/", "/nowhere/")] == [[], [], []]


def test_one_day_is_one_day_in_english():
    with translation.override("en"):
        yesterday = timezone.now() - timedelta(days=1)
        assert [due(yesterday).words, due(yesterday - timedelta(days=1)).words] == [
            "1 day overdue",
            "2 days overdue",
        ]
