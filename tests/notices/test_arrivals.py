"""What comes to wait for an office is told to who can act on it: once, when the act stands."""

from collections import Counter

import pytest
from django.db import transaction

from apps.cases.arrivals import tell_arrivals
from apps.engine.door import perform
from apps.jobs.queue import run_due
from apps.notices.models import Notice
from apps.organisations.choices import Role
from tests.worlds import Person


@pytest.fixture
def submitted(world):
    """A batch before the city's clerk, everybody having been told."""
    case = world.batch("submitted", [Person()])
    tell_arrivals()
    return case


def told(case) -> Counter:
    return Counter(Notice.objects.filter(case=case.pk, kind="arrived").values_list("role", flat=True))


def test_the_holders_of_the_role_it_waits_for_are_told_once(submitted):
    assert told(submitted) == {Role.RMO_CLERK: 1}
    tell_arrivals()
    assert told(submitted) == {Role.RMO_CLERK: 1}


def test_superiors_who_only_watch_are_not_told(world):
    case = world.batch("allocating", [Person()])
    tell_arrivals()
    assert set(told(case)) == {Role.RMO_REVIEWER, Role.STREET_CLERK}


def test_the_next_role_of_the_same_office_is_told_too(world, submitted):
    world.bring(submitted, "allocating")
    tell_arrivals()
    assert told(submitted) == {Role.RMO_CLERK: 1, Role.RMO_REVIEWER: 1, Role.STREET_CLERK: 1}


def test_what_comes_back_is_told_again(world, submitted):
    perform(submitted, "correct", by=world.authority(submitted, Role.RMO_CLERK), reason_code="papers")
    tell_arrivals()
    perform(submitted, "resubmit", by=world.applicant(submitted, Role.ENT_HEAD))
    tell_arrivals()
    assert told(submitted) == {Role.RMO_CLERK: 2, Role.ENT_CLERK: 1}


def test_an_act_that_is_rolled_back_is_told_to_nobody(world, submitted):
    with transaction.atomic():
        perform(submitted, "accept", by=world.authority(submitted, Role.RMO_CLERK))
        world.bring(submitted, "allocating")
        transaction.set_rollback(True)
    tell_arrivals()
    assert told(submitted) == {Role.RMO_CLERK: 1}


def test_an_office_is_told_of_a_paper_that_another_drew_up_for_it(world, submitted):
    perform(submitted, "accept", by=world.authority(submitted, Role.RMO_CLERK))
    run_due()
    told = Notice.objects.filter(kind="paper").values_list("organisation", "role")
    assert set(told) == {(submitted.applicant_id, role) for role in (Role.ENT_CLERK, Role.ENT_HEAD)}
