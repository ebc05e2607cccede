"""The running site has the world of the faces."""

from tests.worlds import standing_world, world

__all__ = ["standing_world", "world"]
