"""The demo town for these tests, built once a file, and a batch before the city's clerk."""

import pytest

from apps.notices.telling import Telling
from apps.organisations.choices import Role
from tests.worlds import CITY, Person, standing_world, world

__all__ = ["standing_world", "world"]

NAME = "欧阳金雀"
"""A person whom no message may name."""


@pytest.fixture
def clerk(world):
    """The city's clerk, acting."""
    return world.by(Role.RMO_CLERK, CITY)


@pytest.fixture
def case(world):
    """A batch of one person that waits for the city's clerk."""
    return world.batch("submitted", [Person(name=NAME)])


@pytest.fixture
def news(clerk, case):
    """Something to tell the clerk about the batch."""
    return [Telling(clerk.organisation.pk, clerk.role, case.pk)]
