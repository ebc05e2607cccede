"""What an event says of a move: everything by value, so that it stays true whatever becomes of the rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.audit.streams import ItemMoved

from . import registry
from .judge import Verdict
from .models import AbstractEvidence
from .words import Move


def of_move(move: Move, group: Sequence[Verdict], given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of one stream's event: a case's own move, or one move of many of its items."""
    own = not move.model.anchor
    source = group[0].stage if own or len({verdict.stage for verdict in group}) == 1 else ""
    return {
        "source": source,
        "target": move.target.name if move.target else source,
        "items": () if own else [ItemMoved(v.pk, v.row_seq + 1, v.stage) for v in group],
        "due_at": min((verdict.due_at for verdict in group if verdict.due_at), default=None),
        "effective_on": given.get(getattr(move.asks, "effective", "")),
        "basis": move.basis,
    }


def evidence_seen(move: Move, cases: Iterable[int]) -> dict[int, list[dict]]:
    """The papers that lay before whoever decided, per case, by kind and digest."""
    seen: dict[int, list[dict]] = defaultdict(list)
    if move.takes:
        table = registry.concrete(AbstractEvidence)
        kinds = [kind.code for kind in move.takes]
        rows = table._base_manager.filter(case__in=list(cases), kind__in=kinds).order_by("pk")
        for case, kind, digest in rows.values_list("case_id", "kind", "digest"):
            seen[case].append({"kind": kind, "digest": digest})
    return seen
