"""What a rehearsal may find in a synthetic roster: invalid rows by rule, and people whom a street will not simply take.

The latter are marked in 备注, where the rehearsal reads what will happen to them.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from apps.exchange.synthetic import Row

DISPUTED, RETURNED, DEFERRED, REMOVED, DEAD = (
    "演示：异议", "演示：退回", "演示：暂缓", "演示：剔除", "演示：在途死亡",
)  # fmt: skip
# How many of a hundred; at least one each, and exactly one death.
SHARES = {
    "disputed": (DISPUTED, 1.0),
    "returned": (RETURNED, 0.5),
    "deferred": (DEFERRED, 0.5),
    "removed": (REMOVED, 0.3),
}

Spoil = Callable[[Row, date], dict[str, str]]
FAULTS: dict[str, Spoil] = {
    "V-02": lambda row, on: {"name": f"{row['name']}2"},
    "V-03": lambda row, on: {"sex": "未知"},
    "V-06": lambda row, on: {
        "citizen_id": row["citizen_id"][:17] + ("1" if row["citizen_id"][17] != "1" else "2")
    },
    "V-07": lambda row, on: {"birth_date": f"{row['birth_date'][:4]}-02-30"},
    "V-10": lambda row, on: {"retire_date": (on + timedelta(days=40)).isoformat()},
    "V-11": lambda row, on: {"retire_kind": "内退"},
    "V-15": lambda row, on: {"pension_insured": ""},
    "V-16": lambda row, on: {"pension_insured": "否", "orig_payer": ""},
    "V-18": lambda row, on: {"medical_insured": "不清楚"},
    "V-19": lambda row, on: {"hukou_county": "示例不存在县"},
    "V-20": lambda row, on: {"hukou_street": "示例不存在街道"},
    "V-22": lambda row, on: {"res_county": "示例不存在市"},
    "V-23": lambda row, on: {"res_county": "榕城区", "res_street": "示例不存在镇"},
    "V-26": lambda row, on: {"placement_choice": "子女所在地"},
    "V-32": lambda row, on: {"party_member": "群众"},
    "V-34": lambda row, on: {"party_member": "正式", "party_date": "1985-07-01", "party_org": ""},
    "V-36": lambda row, on: {"file": "", "file_gap": ""},
    "V-37": lambda row, on: {"file": "", "file_gap": "不详"},
    "V-39": lambda row, on: {"housing": "租住"},
    "V-41": lambda row, on: {"person_class": "离休"},
    "V-42": lambda row, on: {"self_confirm": "否"},
}
DESTROYED = "4.45299E+17"
FORMULA_COLUMN = "remark"


@dataclass
class Planted:
    """What was planted where: rows counted from 0."""

    rows: int
    invalid: dict[int, list[str]] = field(default_factory=dict)
    marked: dict[str, list[int]] = field(default_factory=dict)
    formulas: dict[int, str] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return the numbers that the walk must end with."""
        kinds = ("disputed", "returned", "deferred", "removed", "dead")
        return {"rows": self.rows, "invalid": len(self.invalid)} | {
            k: len(self.marked.get(k, ())) for k in kinds
        }


def plant(rows: list[Row], *, on: date, seed: int, formulas: bool) -> Planted:
    """Spoil some of the rows in place and mark others; return what was done.

    About a third of a small roster at most is touched, so that a handover still has people to hand over.
    """
    choice = random.Random(f"planted/{seed}")  # noqa: S311  the same seed must plant the same
    planted = Planted(len(rows))
    free = choice.sample(range(len(rows)), len(rows))
    _mark(rows, free, planted)
    room = max(1, len(rows) // 3)
    for code, spoil in FAULTS.items():
        if len(planted.invalid) < room and free:
            at = free.pop()
            rows[at] |= spoil(rows[at], on)
            planted.invalid[at] = [code]
    if len(planted.invalid) + 6 <= room and len(free) >= 6:
        _more(rows, free, planted, formulas=formulas)
    return planted


def _mark(rows: list[Row], free: list[int], planted: Planted) -> None:
    for kind, (word, share) in SHARES.items():
        many = max(1, round(len(rows) * share / 100))
        planted.marked[kind] = sorted(free.pop() for _one in range(many) if free)
        for at in planted.marked[kind]:
            rows[at]["remark"] = word
    planted.marked["dead"] = [free.pop()] if free else []
    for at in planted.marked["dead"]:
        rows[at]["remark"] = DEAD


def _more(rows: list[Row], free: list[int], planted: Planted, *, formulas: bool) -> None:
    """Plant what takes more than one cell of one row."""
    destroyed, several, first, second = (free.pop() for _one in range(4))
    rows[destroyed]["citizen_id"] = DESTROYED
    planted.invalid[destroyed] = ["V-06"]
    rows[several] |= {"name": "", "retire_kind": "", "housing": ""}
    planted.invalid[several] = ["V-02", "V-11", "V-39"]
    # The same person under the old 15 digits: both rows are at fault.
    rows[second]["citizen_id"] = rows[first]["citizen_id"][:6] + rows[first]["citizen_id"][8:17]
    planted.invalid[first] = planted.invalid[second] = ["V-50"]
    if formulas:
        at = free.pop()
        planted.formulas[at] = FORMULA_COLUMN
        planted.invalid[at] = ["V-58"]
