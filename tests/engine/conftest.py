"""The demo town for these tests, built once a file."""

from tests.worlds import standing_world, town_for_real, world

__all__ = ["standing_world", "town_for_real", "world"]
