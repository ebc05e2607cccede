"""The cast of the tests: the demo town with everybody in it, and browsers that are signed in.

Loaded by `-p tests.plugins.cast`. Models are imported inside the fixtures: a plugin is read before
the settings.
"""

import pytest


@pytest.fixture
def town(db):
    """The demo town, built: `town.office(key)`, `town.person(username)`, `town.acting(username)`."""
    from apps.demo import town

    town.build()
    return town


@pytest.fixture
def signed_in(town, client):
    """A browser signed in as the person with this user name."""

    def sign_in(username):
        client.force_login(town.person(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
