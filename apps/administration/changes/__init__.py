"""What a second person approves: one file for people, one for bodies, one for enterprises.

A line of a change holds ids and codes, days as ISO texts, and what is new as it was written.
"""

from . import bodies, enterprises, people  # noqa: F401 - each registers its kinds
