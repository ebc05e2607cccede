"""What changed between two uploads of a roster: who came, who went, and which facts of whom are different."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Snapshot(NamedTuple):
    """One person as one upload had it: `key` tells that two rows are the same person (the number's digest)."""

    key: str
    line: int
    name: str
    fields: dict[str, Any]


@dataclass
class Changes:
    """The difference of two uploads."""

    added: list[Snapshot] = field(default_factory=list)
    removed: list[Snapshot] = field(default_factory=list)
    changed: list[tuple[Snapshot, list[str]]] = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.removed or self.changed)


def compare(old: Iterable[Snapshot], new: Iterable[Snapshot]) -> Changes:
    """Return what changed; the order of rows and their numbers do not count."""
    before, after = _by_key(old), _by_key(new)
    changes = Changes(
        added=[one for key, one in after.items() if key not in before],
        removed=[one for key, one in before.items() if key not in after],
    )
    for key, one in after.items():
        if key in before and (different := _different(before[key].fields, one.fields)):
            changes.changed.append((one, different))
    return changes


def _by_key(snapshots: Iterable[Snapshot]) -> dict[tuple[str, int], Snapshot]:
    # The same person twice in one upload is a fault of that upload, not a reason to lose one of the rows.
    seen: Counter[str] = Counter()
    found = {}
    for one in snapshots:
        found[one.key, seen[one.key]] = one
        seen[one.key] += 1
    return found


def _different(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [
        name for name in sorted(old.keys() | new.keys()) if (old.get(name) or "") != (new.get(name) or "")
    ]
