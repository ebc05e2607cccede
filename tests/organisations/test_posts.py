"""Who holds which role where, and from when to when."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import Event
from apps.audit.streams import record
from apps.organisations import posts
from apps.organisations.acting import Acting, acting_posts
from apps.organisations.choices import Role
from apps.organisations.models import Post, User

JANUARY, JUNE = date(2026, 1, 1), date(2026, 6, 1)


@pytest.fixture
def newcomer(town):
    return User.objects.create(username="newcomer", name="示例新人")


def test_a_post_is_held_from_its_first_day_up_to_its_end(town, newcomer):
    post = posts.appoint(
        newcomer,
        town.office("445202001-RMO"),
        Role.STREET_CLERK,
        by=town.acting("rongcheng-head"),
        since=JANUARY,
        until=JUNE,
    )
    assert acting_posts(newcomer, date(2025, 12, 31)) == []
    assert acting_posts(newcomer, JANUARY) == [post]
    assert acting_posts(newcomer, date(2026, 5, 31)) == [post]
    assert acting_posts(newcomer, JUNE) == []


def test_giving_and_ending_a_post_are_events_of_the_organisation(town, newcomer):
    head, street = town.acting("rongcheng-head"), town.office("445202001-RMO")
    post = posts.appoint(newcomer, street, Role.STREET_CLERK, by=head, since=JANUARY)
    posts.end(post, by=head, on=JUNE, reason="调离")
    events = Event.objects.filter(
        stream="organisation", stream_id=street.pk, given__person=newcomer.pk
    ).order_by("seq")
    assert [(event.move, event.effective_on, event.person_id, event.reason) for event in events] == [
        ("appoint", JANUARY, head.user.pk, ""),
        ("end_post", JUNE, head.user.pk, "调离"),
    ]


def test_a_role_is_not_given_where_it_does_not_belong(town, newcomer):
    with pytest.raises(posts.NotAppointed, match="企业经办人"):
        posts.appoint(newcomer, town.office("445202001-RMO"), Role.ENT_CLERK, by=None, since=JANUARY)
    assert not Post.objects.filter(user=newcomer).exists()


def test_the_same_post_is_not_held_twice_at_a_time(town, newcomer):
    street = town.office("445202001-RMO")
    posts.appoint(newcomer, street, Role.STREET_CLERK, by=None, since=JANUARY, until=JUNE)
    posts.appoint(newcomer, street, Role.STREET_CLERK, by=None, since=JUNE)
    with pytest.raises(IntegrityError, match="post_held_once_at_a_time"), transaction.atomic():
        posts.appoint(newcomer, street, Role.STREET_CLERK, by=None, since=date(2026, 3, 1))


def test_an_ended_post_cannot_be_ended_again(town, newcomer):
    post = posts.appoint(newcomer, town.office("445202001-RMO"), Role.STREET_CLERK, by=None, since=JANUARY)
    posts.end(post, by=None, on=JUNE)
    with pytest.raises(posts.NotAppointed):
        posts.end(post, by=None, on=date(2026, 7, 1))


def test_who_may_not_sign_in_holds_nothing(town, newcomer):
    posts.appoint(newcomer, town.office("445202001-RMO"), Role.STREET_CLERK, by=None, since=JANUARY)
    newcomer.is_active = False
    newcomer.save()
    assert acting_posts(newcomer, JUNE) == []


def test_a_person_with_several_posts_acts_in_one_of_them(town, django_assert_num_queries):
    clerk = town.person("donghui-clerk")
    with django_assert_num_queries(1):
        held = [Acting.of(post) for post in acting_posts(clerk)]
    assert [(acting.organisation.key, acting.on_behalf and acting.on_behalf.key) for acting in held] == [
        ("ENT-002", None),
        ("ENT-002-LQ", "ENT-002"),
    ]


def test_saving_a_person_leaves_the_stream_as_it_is(town):
    person = town.person("city-head")
    stale = town.person("city-head")
    record(person, "sign_in", by=None)
    stale.large_type = True
    stale.save()
    assert town.person("city-head").stream_seq == 1
