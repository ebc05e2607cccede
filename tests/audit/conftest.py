"""The cast of the trail's tests: a folder of one's own, a trail, and the database's owner."""

import pytest

from .owner import Owner
from .trail import Trail


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Give each test its own keys and its own file of seals."""
    settings.TUIGUAN_DATA = tmp_path
    return tmp_path


@pytest.fixture
def trail(db):
    """A few streams with nothing in them yet."""
    return Trail(seed=1)


@pytest.fixture
def owner(db):
    """The database's owner, who may lift the triggers."""
    return Owner()
