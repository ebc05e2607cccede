"""Who is told: those who hold the post today, in the act's own transaction, many in one statement."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.audit.streams import now
from apps.notices.models import Notice, Preference
from apps.notices.telling import Telling, tell
from apps.organisations import posts
from apps.organisations.choices import Role
from tests.worlds import CITY, PUNING, RONGHUA


def clerks_of(world, *keys):
    return [Telling(world.office(key).pk, Role.RMO_CLERK) for key in keys]


def told() -> list[str]:
    return sorted(Notice.objects.values_list("user__username", flat=True))


def test_whoever_holds_the_post_is_told_and_nobody_else(world):
    assert tell("overdue", clerks_of(world, CITY), at=now()) == 1
    assert told() == ["city-clerk"]


def test_an_office_as_a_whole_may_be_told(world):
    office = world.office("ENT-001").pk
    tell("paper", [Telling(office, "")])
    assert set(Notice.objects.values_list("role", flat=True)) == {Role.ENT_CLERK, Role.ENT_HEAD}


def test_someone_who_left_the_post_is_told_nothing(world):
    clerk = world.by(Role.RMO_CLERK, CITY)
    posts.end(clerk.post, by=None, on=now().date())
    assert tell("overdue", clerks_of(world, CITY, PUNING)) == 1
    assert told() == ["puning-clerk"]


def test_an_act_that_is_rolled_back_tells_nobody(world):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell("overdue", clerks_of(world, CITY))
        raise ZeroDivisionError
    assert told() == []


def test_ten_thousand_are_told_in_one_statement(world):
    street = world.office(RONGHUA).pk
    with CaptureQueriesContext(connection) as queries:
        assert tell("overdue", [Telling(street, Role.STREET_CLERK, facts={"days": n}) for n in range(10_000)])
    assert len(queries) == 1
    assert Notice.objects.count() == 10_000


def test_one_person_of_an_office_may_be_told_alone(world):
    clerk = world.by(Role.RMO_CLERK, CITY)
    posts.appoint(
        world.by(Role.RMO_CLERK, PUNING).user, clerk.organisation, Role.RMO_CLERK, by=None, since=now().date()
    )
    tell("paper", [Telling(clerk.organisation.pk, clerk.role, user_id=clerk.user.pk)])
    assert told() == ["city-clerk"]


@pytest.mark.parametrize(
    "kind, chosen, at_once",
    [("overdue", None, True), ("arrived", None, False), ("overdue", "off", False), ("arrived", "now", True)],
)
def test_what_is_sent_at_once_is_for_the_person_to_say(world, kind, chosen, at_once):
    if chosen:
        Preference.objects.create(user=world.by(Role.RMO_CLERK, CITY).user, kind=kind, how=chosen)
    tell(kind, clerks_of(world, CITY))
    assert Notice.objects.get().to_send == at_once
