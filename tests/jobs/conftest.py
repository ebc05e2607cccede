"""Work for the tests: each test names its own, and it is forgotten afterwards."""

import pytest

from apps.jobs.work import WORK, Work


@pytest.fixture
def named(monkeypatch):
    """Make a function the work of a kind for the length of a test, and return the kind."""

    def name(function, **how):
        kind = f"tests.{function.__name__}"
        monkeypatch.setitem(WORK, kind, Work(kind, "试验", function, **how))
        return kind

    return name
