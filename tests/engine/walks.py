"""Random walks: whoever may do something of a batch does it, in any order, with time passing now and then."""

import random
from collections.abc import Callable
from datetime import timedelta

from apps.audit.streams import now
from apps.cases.models import Case, CaseItem
from apps.clocks import alarms
from apps.engine import participants
from apps.engine.door import Refused
from tests.engine import doing
from tests.worlds import LIUSHADONG, RONGHUA, XINXING, Person, World
from workflows.models import FeeCollection

RARELY = {
    "withdraw", "refuse", "terminate", "remove", "end_by_death", "reopen", "renegotiate", "suspend", "correct",
    "upload", "send_back", "defer", "leave_out", "replace", "redirect", "rule_elsewhere", "supplement",
    "reject", "look_again", "return_once", "redo",
}  # fmt: skip
TRIES = 15
STARTS = ("draft", "matching", "allocating", "list_fixed", "clearing", "handing_over")


def walk(world: World, seed: int, *, steps: int, after: Callable, start: str = "", case=None) -> list[str]:
    """Take up to so many steps from one of the stages, calling ``after(case)`` after each; return the moves made.

    Of a batch, unless a ``case`` is given.
    """
    chance = random.Random(seed)
    streets = [RONGHUA, XINXING, LIUSHADONG]
    folk = [Person(residence=chance.choice(streets), hukou=chance.choice(streets)) for _ in range(4)]
    case = case or world.batch(start or STARTS[seed % len(STARTS)], folk)
    after(case)
    made = []
    while len(made) < steps and (step := _step(world, chance, case)):
        made.append(step)
        after(case)
    return made


def _step(world: World, chance: random.Random, case) -> str:
    """Try moves until one is made; nothing when all tries were refused."""
    if chance.random() < 0.05:
        return _time_passes(case)
    if chance.random() < 0.1 and (waiting := _waiting_for_money(case)):
        world.pay_in(waiting, chance.choice((1, waiting.amount_fen, waiting.amount_fen + 100)))
    whole, *beside = doing.rows_of(case)
    choices = [(row, move) for row in (whole, *beside) for move in row.moves_from_here()]
    chance.shuffle(choices)
    choices.sort(key=lambda choice: chance.random() ** (0.05 if _unlikely(whole, choice[1]) else 1))
    for row, move in choices[:TRIES]:
        by = doing.holder(world, row, chance.choice(move.parties))
        if by is None:
            continue
        try:
            doing.attach_what_it_takes(world, row, move, by)
            doing.make(row, move, by)
        except Refused:
            continue
        return f"{row._meta.model_name}.{move.name}"
    return ""


def _waiting_for_money(case) -> FeeCollection | None:
    """A fee of the batch that the bank may bring money for: part of it, all, or too much."""
    stages = FeeCollection.moves["take"].sources.names
    return FeeCollection.objects.filter(case=case.pk, stage__in=stages, amount_fen__gt=0).first()


def _unlikely(case, move) -> bool:
    return move.name in RARELY or bool(move.during and case.stage not in move.during)


def _time_passes(case) -> str:
    """Every time limit of the batch runs out, and the clocks are fired."""
    yesterday = now() - timedelta(days=1)
    Case.objects.filter(pk=case.pk, due_at__isnull=False).update(due_at=yesterday)
    CaseItem.objects.filter(case=case.pk, due_at__isnull=False).update(due_at=yesterday)
    participants.refresh([case.pk])
    return f"clock:{alarms.fire(1000)}"
