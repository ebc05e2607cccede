"""Fires the clocks: rows whose time is up and whose policy says what then happens."""

from apps.audit import streams

from . import registry
from .door import perform_all


def fire_due() -> int:
    """Make every move of the clock whose rows are overdue; return how many rows moved."""
    now, moved = streams.now(), 0
    for model in registry.machines():
        for move in model.moves.values():
            if move.on_clock:
                stages = [stage.name for stage in move.sources]
                overdue = model.rows().filter(stage__in=stages, due_at__lt=now)
                if overdue.exists():
                    moved += perform_all(overdue, move.name, by=None).moved
    return moved
