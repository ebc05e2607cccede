"""Random walks: whoever may do something of a batch does it, in any order, with time passing now and then."""

import random
from collections.abc import Callable
from datetime import timedelta

from apps.audit.streams import now
from apps.cases.models import Case, CaseItem
from apps.engine import clocks
from apps.engine.door import Refused
from tests.engine import doing
from tests.worlds import LIUSHADONG, RONGHUA, XINXING, Person, World

RARELY = {
    "withdraw", "refuse", "terminate", "remove", "end_by_death", "reopen", "renegotiate", "suspend", "correct", "upload",
    "send_back", "defer", "leave_out",
}  # fmt: skip
STARTS = ("draft", "matching", "allocating", "list_fixed", "clearing", "handing_over")


def walk(world: World, seed: int, *, steps: int, after: Callable, start: str = "") -> list[str]:
    """Take up to so many steps from one of the stages, calling ``after(case)`` after each; return the moves made."""
    chance = random.Random(seed)
    streets = [RONGHUA, XINXING, LIUSHADONG]
    folk = [Person(residence=chance.choice(streets), hukou=chance.choice(streets)) for _ in range(4)]
    case = world.batch(start or STARTS[seed % len(STARTS)], folk)
    after(case)
    made = []
    for _ in range(steps):
        step = _step(world, chance, case)
        if step:
            made.append(step)
            after(case)
    return made


def _step(world: World, chance: random.Random, case) -> str:
    """Try moves until one is made; nothing when a dozen tries were all refused."""
    if chance.random() < 0.05:
        return _time_passes(case)
    for _try in range(12):
        rows = [row for row in doing.rows_of(case) if row.moves_from_here()]
        if not rows:
            return ""
        row = chance.choice(rows)
        moves = row.moves_from_here()
        move = chance.choices(moves, [1 if move.name in RARELY else 12 for move in moves])[0]
        by = doing.holder(row, chance.choice(move.parties))
        if by is None:
            continue
        doing.attach_what_it_takes(world, row, move, by)
        try:
            doing.make(row, move, by)
        except Refused:
            continue
        return f"{row._meta.model_name}.{move.name}"
    return ""


def _time_passes(case) -> str:
    """Every time limit of the batch runs out, and the clocks are fired."""
    yesterday = now() - timedelta(days=1)
    Case.objects.filter(pk=case.pk, due_at__isnull=False).update(due_at=yesterday)
    CaseItem.objects.filter(case=case.pk, due_at__isnull=False).update(due_at=yesterday)
    return f"clock:{clocks.fire_due()}"
