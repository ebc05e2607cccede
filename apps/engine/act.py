"""One person's act in one transaction: what it locks, moves, enters, brings about and records."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import prepared, streams
from apps.audit.streams import Entry, ItemMoved

from . import dues, entries, judge, participants, registry, tasks
from .judge import Verdict
from .models import AbstractCase, AbstractItem
from .words import Given, Move, Shared

UPDATE = """
UPDATE {table} AS row SET row_seq = row.row_seq + 1{assignments}
FROM unnest(%(ids)s::bigint[], %(stages)s::text[]) AS chosen(id, stage)
WHERE row.id = chosen.id AND row.stage = chosen.stage{returning}
"""


class Grew(Exception):
    """The act reaches rows that are not locked yet; the door starts over with these too."""

    def __init__(self, anchors: Mapping[type, set[int]]):
        self.anchors = anchors


@dataclass(frozen=True)
class Deed:
    """What a move's ``does`` is handed: the rows just moved, what was given, and what it may bring about."""

    act: Act
    move: Move
    ids: Sequence[int]
    cases: Sequence[int]
    given: Mapping[str, Any]
    by: Any
    at: datetime

    @property
    def rows(self):
        return self.move.model.rows().filter(pk__in=list(self.ids))

    def enter(self, model, rows: Iterable) -> list:
        """Bring items, or rows beside the case, into being at their machine's start."""
        start = registry.start(model)
        due_at, rule = start.due(self.at)
        by_anchor = defaultdict(list)
        entered = list(rows)
        for row in entered:
            row.stage_since, row.due_at = self.at, due_at
            vars(row)["stage"] = start.name
            by_anchor[getattr(row, model.path_to_anchor())].append(row)
        self.act.must_hold(registry.anchor_model(model), by_anchor.keys())
        model._base_manager.bulk_create(entered, batch_size=5000)
        self.act.touch(model, {getattr(row, model.path_to_case()) for row in entered})
        for anchor, group in by_anchor.items():
            items = [ItemMoved(row.pk, 0, "") for row in group]
            facts = {"target": start.name, "items": items, "rule": rule}
            self.act.note(model, anchor, "enter", by=self.by, cause=self.move.name, **facts)
        return entered

    def announce(self, event: Shared, concerned: Iterable[int]) -> None:
        """Tell every machine that declares ``on={event: …}``; their moves follow in this act."""
        concerned = list(concerned)
        for model in registry.machines():
            if name := model.on.get(event):
                move = model.moves[name]
                path = getattr(model, event.concerns)
                rows = model.rows().filter(**{f"{path}__in": concerned}, stage__in=move.sources.names)
                for anchor, ids in judge.anchors(rows, move).items():
                    self.act.must_hold(anchor, ids)
                self.act.follow(move, rows, cause=f"{event.name}/{self.move.name}")


@dataclass(kw_only=True, eq=False)
class Act:
    """Collects the entries of all streams and writes them, with the participants, when it closes.

    ``given`` and the reason are the person's own move's; what follows from it is the system's. ``row`` is the
    ``single`` row as its move left it.
    """

    by: Any
    given: Given = field(default_factory=dict)
    reason: str = ""
    reason_code: str = ""
    single: bool = False
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    heads: dict[type, dict] = field(default_factory=dict)
    entries: dict[type, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    cases: set[int] = field(default_factory=set)
    processes: set[str] = field(default_factory=set)
    at: datetime | None = None
    row: tuple = ()

    def lock(self, *anchors: Mapping[type, set[int]]) -> None:
        """Lock rows model by model, cases first, each by id: the one order all doors keep."""
        models = {model for some in anchors for model in some}
        for model in sorted(models, key=lambda m: (not issubclass(m, AbstractCase), m._meta.label)):
            ids = set().union(*(some.get(model, ()) for some in anchors))
            self.heads[model] = streams.lock(model, sorted(ids))

    def must_hold(self, model: type, ids: Set[int]) -> None:
        """Start over unless these rows are locked."""
        if missing := ids - self.heads.get(model, {}).keys():
            raise Grew({model: missing})

    def make(self, move: Move, verdicts: Iterable[Verdict], *, cause: str = "") -> tuple[int, dict]:
        """Move what the verdicts allow; return how many moved, and who stayed why.

        What has a ``cause`` is made by the system, which is given nothing.
        """
        may, stayed = [], defaultdict(list)
        for verdict in verdicts:
            if verdict.unmet:
                stayed[_("；").join(verdict.unmet)].append(verdict.pk)
            else:
                may.append(verdict)
        self.must_hold(registry.anchor_model(move.model), {verdict.anchor for verdict in may})
        if self.single and len(may) == 1:
            self._write(move, may, cause)
            return 1, dict(stayed)
        # One row that breaks a constraint never sinks the rest.
        while may and (broke := self._try(move, may, cause)):
            culprits = self._culprits(move, may, broke, cause)
            for pk, sentence in culprits.items():
                stayed[sentence].append(pk)
            may = [verdict for verdict in may if verdict.pk not in culprits]
        return len(may), dict(stayed)

    def follow(self, move: Move, rows, *, cause: str) -> None:
        """Make a move of the system that something in this act has brought about."""
        self.make(move, judge.verdicts(rows, move, by=None, given={}), cause=cause)

    def close(self) -> None:
        """Write the events and bring up to date who may see the cases, and for whom they wait."""
        for model, written in self.entries.items():
            streams.append(model, self.heads[model], written, at=self.at)
        if self.cases:
            participants.refresh(sorted(self.cases), frozenset(self.processes))

    def touch(self, model, cases: Iterable[int]) -> None:
        """Remember whose participants are to be brought up to date."""
        self.cases.update(cases)
        self.processes.add(registry.process_of(model))

    def _culprits(self, move, verdicts: list[Verdict], broke: IntegrityError, cause) -> dict[int, str]:
        """The rows that cannot be written even alone, or else the last of those that cannot be together."""
        found: dict[int, str] = {}
        half = len(verdicts) // 2
        for part in (verdicts[:half], verdicts[half:]) if half else ():
            if error := self._try(move, part, cause, for_good=False):
                found |= self._culprits(move, part, error, cause)
        return found or {verdicts[-1].pk: broken(broke)}

    def _try(self, move, verdicts, cause: str, *, for_good: bool = True) -> IntegrityError | None:
        """Write a set under a savepoint; what broke, or what was only tried, is taken back."""
        before = {model: [*written] for model, written in self.entries.items()}
        broke = None
        try:
            with transaction.atomic():
                self._write(move, verdicts, cause)
                if for_good:
                    return None
                transaction.set_rollback(True)
        except IntegrityError as error:
            broke = error
        self.entries = defaultdict(list, before)
        return broke

    def _write(self, move: Move, verdicts: list[Verdict], cause: str) -> None:
        """Write the stage, hand the case's task on, do what the move does, and let the system follow."""
        by, given = (None, {}) if cause else (self.by, self.given)
        at = self.at = verdicts[0].moment
        due_at, rule = move.target.due(at) if move.target else (None, None)
        ids = [verdict.pk for verdict in verdicts]
        self._update(move, verdicts, at, due_at)
        if move.goes_on:
            dues.put(move.model, dues.reckon(move.model, ids, at=at))
        for anchor, facts in entries.of_move(move, verdicts, given):
            self.note(move.model, anchor, move.name, by=by, rule=rule, given=given, cause=cause, **facts)
        cases = sorted({verdict.case for verdict in verdicts})
        self.touch(move.model, cases)
        if issubclass(move.model, AbstractCase) and move.target:
            tasks.hand_on(move, ids, by=by, at=at)
            if move.target.end:
                items = registry.concrete(AbstractItem)._base_manager
                items.filter(case__in=ids, open=True).update(open=False)
        deed = Deed(self, move, ids, cases, given, by, at)
        for paper in move.gives:
            paper.issue(deed)
        if move.does:
            move.does(deed)
        for system in registry.systems_after(move):
            touched = {f"{system.model.path_to_case()}__in": sorted(self.cases)}
            rows = system.model.rows().filter(**touched, stage__in=system.sources.names)
            self.follow(system, rows, cause=move.name)

    def _update(self, move: Move, verdicts: list[Verdict], at, due_at) -> None:
        assignments = returning = ""
        values = {
            "ids": prepared.array(verdict.pk for verdict in verdicts),
            "stages": prepared.array(f'"{verdict.stage}"' for verdict in verdicts),
        }
        if move.target:
            assignments = ", stage = %(target)s, stage_since = %(at)s, due_at = %(due_at)s, rang = 0"
            assignments += move.model.settling(move.target)
            values |= {"target": move.target.name, "at": at, "due_at": due_at}
        if wanted := self.single and not self.row:
            columns = (f"row.{one.column}" for one in move.model._meta.concrete_fields)
            returning = " RETURNING " + ", ".join(columns)
        table = move.model._meta.db_table
        sql = UPDATE.format(table=table, assignments=assignments, returning=returning)
        with connection.cursor() as cursor:
            prepared.execute(cursor, sql, values, once=len(verdicts) == 1)
            if cursor.rowcount != len(verdicts):
                raise Grew({})
            if wanted:
                self.row = cursor.fetchone()

    def note(self, model, anchor, move: str, *, by, rule=None, given: Given | None = None, **facts) -> None:
        """Have an event written to an anchor's stream when the act closes."""
        self.entries[registry.anchor_model(model)].append(
            Entry(
                stream_id=anchor,
                act=self.id,
                machine=model._meta.model_name,
                move=move,
                **streams.actor_facts(by),
                reason=self.reason if by else "",
                reason_code=self.reason_code if by else "",
                given={name: streams.by_value(value) for name, value in (given or {}).items()},
                rules=[{"id": rule.id, "key": rule.key, "value": rule.value}] if rule else [],
                **facts,
            )
        )


def broken(error: IntegrityError) -> str:
    """The words of the constraint that was broken; its name where its model says none."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    known = (constraint for model in apps.get_models() for constraint in model._meta.constraints)
    words = (constraint.get_violation_error_message() for constraint in known if constraint.name == name)
    return str(next(words, "") or _("数据与登记簿冲突（%s）") % name)
