"""The accounts of the demo town with money in them, as the tests of the treasury make it."""

from tests.treasury.conftest import money  # noqa: F401 - a fixture
from tests.worlds import standing_world, world  # noqa: F401 - fixtures
