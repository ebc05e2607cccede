"""Whoever leaves loses posts, sessions and account at once, and what was claimed goes back to the office."""

import pytest

from apps.administration.forms import EndForm
from apps.audit import verify
from apps.audit.models import Event
from apps.audit.streams import now
from apps.calendar.workdays import day_of
from apps.cases import claims
from apps.cases.models import Task
from apps.organisations import second_person
from apps.organisations.models import Post, User
from apps.organisations.refusals import NotChanged
from workflows.models import TransferBatch


@pytest.fixture
def clerk(world, town):
    """A city clerk who has claimed two batches."""
    for _batch in range(2):
        assert claims.claim(world.batch("submitted", 1), by=town.acting("city-clerk"))
    return town.person("city-clerk")


def leave(person, system):
    return second_person.propose(
        "leave", [{"person": person.pk, "reason": "调离"}], by=system, subject=str(person.pk)
    )


def test_the_open_work_of_a_leaver_is_shown_without_naming_a_case(clerk, as_):
    page = as_("sys-admin").get(f"/administration/people/{clerk.pk}/")
    assert page.context["work"] == [("企业退休人员移交", "已申报", 2)]
    numbers = TransferBatch.objects.values_list("number", flat=True)
    assert not any(number in page.content.decode() for number in numbers)


def test_a_leaver_is_released_when_a_second_person_approves(clerk, system, security, as_):
    browser = as_("city-clerk")
    proposal = leave(clerk, system)
    assert Task.objects.filter(owner=clerk, status="ASSIGNED").count() == 2
    second_person.approve(proposal, by=security)
    assert not Task.objects.filter(owner=clerk, status="ASSIGNED").exists()
    assert not Post.objects.filter(user=clerk, valid_until=None).exists()
    assert not User.objects.get(pk=clerk.pk).is_active
    assert browser.get("/").status_code == 302
    for case in TransferBatch.objects.all():
        event = Event.objects.filter(stream="case", stream_id=case.pk).latest("seq")
        assert (event.move, event.person_id, event.given) == (
            "release",
            security.user.pk,
            {"person": clerk.name},
        )
        assert verify.verify(f"case/{case.pk}").ok
        assert claims.open_task(case).owner is None


def test_releasing_costs_the_same_for_one_task_and_for_two(clerk, system, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert claims.release_all(clerk, by=system) == 2
    with django_assert_num_queries(5):
        assert claims.release_all(clerk, by=system) == 0


def test_who_has_left_gets_no_post_any_more(clerk, system, security, line):
    second_person.approve(leave(clerk, system), by=security)
    with pytest.raises(NotChanged, match="已离岗"):
        second_person.propose("appoint", [line("city-clerk")], by=system)


def test_a_post_with_an_end_can_be_taken_away_before_it(town, system, security, line):
    given = line() | {"until": "2099-01-01"}
    second_person.approve(second_person.propose("appoint", [given], by=system), by=security)
    person, today = User.objects.get(username="newcomer"), day_of(now())
    post = person.posts.get()
    ends = {"post": post.pk, "person": person.pk, "on": today.isoformat(), "reason": "调离"}
    assert EndForm({"post": post.pk, "on": today, "reason": "调离"}).is_valid()
    second_person.approve(second_person.propose("end", [ends], by=system), by=security)
    assert not Post.objects.held().filter(user=person).exists()
    with pytest.raises(NotChanged, match="已经结束"):  # what is past stays as it was
        second_person.propose("end", [ends | {"on": "2026-01-02"}], by=system)


def test_a_leaver_loses_posts_with_an_end_too(town, system, security, line):
    given = line() | {"until": "2099-01-01"}
    second_person.approve(second_person.propose("appoint", [given], by=system), by=security)
    person = User.objects.get(username="newcomer")
    second_person.approve(leave(person, system), by=security)
    assert person.posts.get().valid_until == day_of(now())
