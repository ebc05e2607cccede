"""What an event says of a move: everything by value, so that it stays true whatever becomes of the rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from apps.audit.streams import ItemMoved

from . import registry
from .judge import Verdict
from .models import AbstractEvidence
from .words import Given, Move


def of_move(move: Move, verdicts: Iterable[Verdict], given: Given) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each stream with the facts of its event: a case's own move, or one move of many of its items."""
    own = not move.model.anchor
    by_anchor = defaultdict(list)
    for verdict in verdicts:
        by_anchor[verdict.anchor].append(verdict)
    seen = _evidence_seen(move, by_anchor)
    for anchor, group in by_anchor.items():
        source = group[0].stage if len({verdict.stage for verdict in group}) == 1 else ""
        facts = {
            "source": source,
            "target": move.target.name if move.target else source,
            "items": () if own else [ItemMoved(v.pk, v.row_seq + 1, v.stage) for v in group],
            "due_at": min((verdict.due_at for verdict in group if verdict.due_at), default=None),
            "effective_on": given.get(getattr(move.asks, "effective", "")),
            "basis": move.basis,
            "evidence": seen.get(anchor, ()),
        }
        yield anchor, facts


def _evidence_seen(move: Move, cases: Iterable[int]) -> dict[int, list[dict]]:
    """The papers that lay before whoever decided, per case, by kind and digest."""
    seen: dict[int, list[dict]] = defaultdict(list)
    if move.takes:
        table = registry.concrete(AbstractEvidence)
        kinds = [kind.code for kind in move.takes]
        rows = table._base_manager.filter(case__in=list(cases), kind__in=kinds).order_by("pk")
        for case, kind, digest in rows.values_list("case_id", "kind", "digest"):
            seen[case].append({"kind": kind, "digest": digest})
    return seen
