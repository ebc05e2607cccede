"""What changed between two uploads of a roster: who came, who went, and which facts of whom are different."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from apps.exchange import values as cell
from apps.exchange.rules import Row


class Snapshot(NamedTuple):
    """One person as one upload had it: `key` tells that two rows are the same person (the number's digest)."""

    key: str
    line: int
    name: str
    fields: dict[str, Any]


class Change(NamedTuple):
    """One fact that is different, as text that may be shown."""

    column: str
    old: str
    new: str


@dataclass
class Changes:
    """The difference of two uploads."""

    added: list[Snapshot] = field(default_factory=list)
    removed: list[Snapshot] = field(default_factory=list)
    changed: list[tuple[Snapshot, list[Change]]] = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.removed or self.changed)


def snapshot(row: Row) -> Snapshot:
    """Return a judged row as it is compared; a row whose number cannot be read is known by its name."""
    fields = {"name": row.name, "placement_choice": row.placement, "paying_agency": row.si_agency}
    fields |= {"phone": row.phone, "contact": row.contact, "party_member": row.party_member}
    fields |= row.party | row.facts
    return Snapshot(row.digest or f"name/{row.name}", row.line, row.name, fields)


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


def _different(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    return [
        Change(column, _shown(column, old.get(column)), _shown(column, new.get(column)))
        for column in sorted(old.keys() | new.keys())
        if (old.get(column) or "") != (new.get(column) or "")
    ]


def _shown(column: str, value: Any) -> str:
    if isinstance(value, dict):
        value = "/".join(str(part) for part in value.values())
    elif isinstance(value, list):
        value = "、".join(_shown(column, part) for part in value)
    return cell.shown(column, str(value or ""))
