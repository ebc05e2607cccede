"""The bell, the list, how one wants to be told, and the one click that ends it."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.jobs.queue import enqueue, run_due
from apps.jobs.work import WORK, Work
from apps.notices import preferences, sending, work
from apps.notices.kinds import How
from apps.notices.models import Delivery, Notice
from apps.notices.telling import tell
from apps.organisations import posts
from apps.organisations.choices import Role
from apps.organisations.models import User
from tests.worlds import PUNING

LIST = "/notices/"


def signed_in(user) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def browser(clerk):
    return signed_in(clerk.user)


def listed(answer) -> list[str]:
    return [notice.kind for notice in answer.context["page"]]


def test_the_list_says_what_the_post_was_told_newest_first(browser, news, case):
    tell("reminder", news)
    tell("overdue", news)
    answer = browser.get(LIST)
    assert listed(answer) == ["overdue", "reminder"]
    assert f"{case.number} 已超过办理期限" in answer.content.decode()


def test_an_outsider_sees_nothing_and_opens_nothing(world, news):
    tell("overdue", news)
    outsider = signed_in(world.by(Role.RMO_CLERK, PUNING).user)
    assert listed(outsider.get(LIST)) == []
    assert outsider.post(reverse("notices:open", args=[Notice.objects.get().pk])).status_code == 404


def test_somebody_not_signed_in_is_asked_to(world, news):
    assert Client().get(LIST).status_code == 302


def test_without_a_post_there_is_nothing_to_read(world):
    assert listed(signed_in(User.objects.create_user("nobody")).get(LIST)) == []


def test_a_person_with_two_posts_sees_what_the_present_one_was_told(browser, clerk, news):
    second = posts.appoint(
        clerk.user, clerk.organisation, Role.RMO_HEAD, by=None, since=clerk.organisation.active_from
    )
    tell("overdue", news)
    browser.post("/acting/", {"post": second.pk})
    assert listed(browser.get(LIST)) == []
    browser.post("/acting/", {"post": clerk.post.pk})
    assert listed(browser.get(LIST)) == ["overdue"]


def test_opening_marks_as_read_and_leads_to_the_case(browser, news, case):
    tell("overdue", news)
    notice = Notice.objects.get()
    answer = browser.post(reverse("notices:open", args=[notice.pk]))
    assert answer.headers["Location"] == reverse("case", args=[case.number])
    assert listed(browser.get(f"{LIST}?show=unread")) == []
    assert listed(browser.get(LIST)) == ["overdue"]


def test_all_of_a_kind_are_marked_as_read_at_once(browser, news):
    tell("overdue", news)
    tell("reminder", news)
    browser.post(reverse("notices:read"), {"kind": "reminder"})
    assert listed(browser.get(f"{LIST}?show=unread")) == ["overdue"]


@pytest.mark.parametrize(
    "query, kinds", [("kind=overdue", ["overdue"]), ("kind=paper", []), ("kind=x&page=-7", ["overdue"])]
)
def test_the_filter_narrows_and_nonsense_is_left_out(browser, news, query, kinds):
    tell("overdue", news)
    assert listed(browser.get(f"{LIST}?{query}")) == kinds


def test_htmx_is_sent_the_list_alone(browser, world):
    answer = browser.get(LIST, headers={"HX-Request": "true"})
    assert "目前没有消息" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_as_many_statements_for_three_as_for_one(browser, news):
    counted = []
    for number in (1, 3):
        tell("overdue", news * (number - len(counted)))
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(browser.get(LIST))) == number
        counted.append(len(queries))
    assert counted == [counted[0]] * 2


@pytest.mark.parametrize("number, said", [(0, ""), (3, "3"), (99, "99"), (250, "99+")])
def test_the_bell_counts_what_is_unread_to_a_cap(browser, news, number, said):
    tell("overdue", news * number)
    found = re.search(r'class="badge num">([^<]*)<', browser.get("/").content.decode())
    assert (found[1] if found else "") == said


# --- how one wants to be told ---


def test_what_one_chooses_is_kept(browser, clerk):
    page = reverse("notices:preferences")
    wanted = dict.fromkeys(preferences.chosen(clerk.user.pk), "off") | {"arrived": "now"}
    browser.post(page, {**wanted, "language": "en", "phone": "13800001111"})
    assert preferences.chosen(clerk.user.pk) == wanted
    assert 'value="13800001111"' in browser.get(page).content.decode()


def test_a_number_that_is_none_is_refused_beside_its_field(browser, clerk):
    sent = {**preferences.chosen(clerk.user.pk), "language": "en", "phone": "call me"}
    answer = browser.post(reverse("notices:preferences"), sent)
    assert (answer.status_code, "请填写手机号码" in answer.content.decode()) == (400, True)


# --- one click ---


@pytest.fixture
def stop(news):
    """The address in a mail about a breach."""
    tell("overdue", news)
    sending.gather()
    run_due()
    return re.search(r"<http://[^/]+(/[^>]+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])[1]


def test_the_link_asks_and_changes_nothing(stop, clerk):
    answer = Client(enforce_csrf_checks=True).get(stop)
    assert "停止接收" in answer.content.decode()
    assert preferences.chosen(clerk.user.pk)["overdue"] == How.NOW


def test_one_click_ends_it_without_signing_in(stop, clerk, news):
    answer = Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert preferences.chosen(clerk.user.pk)["overdue"] == How.OFF
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    tell("overdue", news)
    sending.gather()
    assert Delivery.objects.count() == 1


def test_ending_the_mail_of_the_day_leaves_what_is_sent_at_once(clerk):
    preferences.stop(clerk.user.pk, preferences.DIGEST)
    how = preferences.chosen(clerk.user.pk)
    assert (how["arrived"], how["overdue"]) == (How.OFF, How.NOW)


def test_a_forged_link_ends_nothing(stop):
    assert Client().post(stop.replace("/stop/", "/stop/x")).status_code == 404


# --- what the operator sees ---


@pytest.fixture
def operator(world):
    """Who keeps the system running."""
    return signed_in(world.by(Role.SYS_ADMIN, "PLATFORM").user)


def test_the_operator_sees_what_could_not_be_sent_and_why(operator, news):
    tell("overdue", news)
    tell("escalated", news)
    sending.gather()
    Delivery.objects.filter(kind="overdue").update(cause="SMTPRecipientsRefused", tries=1)
    answer = operator.get(f"{reverse('notices:deliveries')}?show=failed")
    assert [delivery.kind for delivery in answer.context["page"]] == ["overdue"]
    assert "SMTPRecipientsRefused" in answer.content.decode()
    assert len(operator.get(reverse("notices:deliveries")).context["page"]) == 2


def test_nobody_else_sees_what_was_sent(browser):
    assert browser.get(reverse("notices:deliveries")).status_code == 403


# --- jobs ---


def test_whose_long_job_is_done_is_told_once_and_led_to_it(browser, clerk, monkeypatch):
    monkeypatch.setitem(WORK, "tests.long", Work("tests.long", "试验", lambda job: None))
    job = enqueue("tests.long", by=clerk, total=3)
    enqueue("tests.long", by=clerk)
    run_due()
    for _ in range(2):
        work.jobs(None)
    (notice,) = Notice.objects.all()
    assert (notice.kind, notice.user, notice.words) == ("job_done", clerk.user, "“试验”已完成")
    assert browser.post(reverse("notices:open", args=[notice.pk])).headers["Location"] == f"/jobs/{job.pk}/"
