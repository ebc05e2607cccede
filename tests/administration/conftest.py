"""The three administrators of the demo town, and their browsers."""

import pytest
from django.test import Client

from apps.demo import town as demo_town
from apps.organisations.choices import Role
from tests.worlds import standing_world, world  # noqa: F401 - fixtures


@pytest.fixture
def system(town):
    return town.acting("sys-admin")


@pytest.fixture
def security(town):
    return town.acting("sec-admin")


@pytest.fixture
def as_(town):
    """A browser of its own for each person."""

    def browser(username):
        client = Client()
        client.force_login(town.person(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser


@pytest.fixture
def line(town):
    """The line of a proposal that gives somebody a post."""

    def post(username="newcomer", name="示例新人", *, office="445202001-RMO", role=Role.STREET_CLERK):
        person = demo_town.User.objects.filter(username=username).first()
        return {
            "person": person.pk if person else None,
            "username": username,
            "name": person.name if person else name,
            "identity": "",
            "organisation": town.office(office).pk,
            "role": role,
            "since": "2026-01-01",
            "until": "",
        }

    return post
