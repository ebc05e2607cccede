"""What every test stands on: the application's role on each connection, the seeds, a clean end."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

from apps.audit import seal_file
from tests import reset


def pytest_configure():
    """Take what makes tests quick without changing what they prove."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_BROKER_URL = "memory://"  # nobody listens: tests run the jobs themselves
    # Tests ask for files by their plain names; hashing them is `make setup`'s work.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    TransactionTestCase._fixture_teardown = lambda test: as_owner(reset.put_back)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let pytest-django know who uses the standing world: run alone, such a test would have no tables made for it."""
    for item in items:
        if "standing_world" in item.fixturenames and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)


def act_as_app(connection, **_):
    """Give a connection the rights of the application, no more."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


def as_owner(work):
    """Call `work` with the owner's rights on this thread's connection, then go back to the application's."""
    try:
        return work()
    finally:
        act_as_app(connection)


@pytest.fixture(autouse=True)
def own_seal_file(monkeypatch, tmp_path):
    """Seals outlive a test's database, which is put back: each test has a file of its own."""
    monkeypatch.setattr(seal_file, "place", lambda: tmp_path / "seals.jsonl")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrate as owner, then seed and run every test as the application."""
    with django_db_blocker.unblock():
        connection_created.connect(act_as_app, dispatch_uid="tests")
        act_as_app(connection)
        if reset.has_kept_seeds():  # with --reuse-db
            as_owner(reset.put_back)
        call_command("seed", verbosity=0)
        as_owner(reset.keep_seeds)
    yield
    with django_db_blocker.unblock():
        connection_created.disconnect(dispatch_uid="tests")
        connection.close()
