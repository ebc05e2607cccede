"""One person's act in one transaction: what it locks, moves, enters, brings about and records."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import prepared, streams
from apps.audit.streams import Entry, ItemMoved

from . import dues, entries, judge, participants, registry, tasks
from .judge import Verdict
from .models import AbstractCase, AbstractItem
from .words import Move, Shared

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
        return self.act.enter(model, rows, by=self.by, at=self.at, cause=self.move.name)

    def announce(self, event: Shared, persons: Iterable[int]) -> None:
        """Tell every machine that declares ``on={event: …}``; their moves follow in this act."""
        self.act.announce(event, persons, cause=self.move.name)


class Act:
    """Collects the entries of all streams and writes them, with the participants, when it closes."""

    def __init__(self, *, by, reason: str = "", reason_code: str = "", single: bool = False, part_of=None):
        self.id = part_of or uuid.uuid4()
        self.single = single
        self.by, self.reason, self.reason_code = by, reason, reason_code
        self.heads: dict[type, dict] = {}
        self.entries: dict[type, list[Entry]] = defaultdict(list)
        self.cases: set[int] = set()
        self.at: datetime | None = None
        self.row: tuple = ()  # the single row, as its move left it

    def lock(self, *anchors: Mapping[type, set[int]]) -> None:
        """Lock rows model by model, cases first, each by id: the one order all doors keep."""
        models = {model for some in anchors for model in some}
        for model in sorted(models, key=lambda m: (not issubclass(m, AbstractCase), m._meta.label)):
            ids = set().union(*(some.get(model, ()) for some in anchors))
            self.heads[model] = streams.lock(model, sorted(ids))

    def make(self, move: Move, rows, *, given: Mapping, by, cause: str = "") -> tuple[int, dict]:
        """Judge a locked set and move what may move; return how many moved, and who stayed why."""
        return self.carry_out(
            move, judge.verdicts(rows, move, by=by, given=given), given=given, by=by, cause=cause
        )

    def carry_out(self, move: Move, verdicts: Iterable[Verdict], *, given: Mapping, by, cause: str = ""):
        """Move what the verdicts allow."""
        may, stayed = [], defaultdict(list)
        for verdict in verdicts:
            if verdict.unmet:
                stayed[_("；").join(verdict.unmet)].append(verdict.pk)
            else:
                may.append(verdict)
        self._must_hold(registry.anchor_model(move.model), {verdict.anchor for verdict in may})
        if self.single and len(may) == 1:
            self._write(move, may, given=given, by=by, cause=cause)
            return 1, dict(stayed)
        moved = self._write_set(move, may, stayed, given=given, by=by, cause=cause) if may else 0
        return moved, dict(stayed)

    def enter(self, model, rows: Iterable, *, by, at: datetime, cause: str) -> list:
        start = next(stage for stage in model.stages.values() if stage.start)
        due_at, rule = start.within.from_moment(at) if start.within else (None, None)
        entered = list(rows)
        self._must_hold(
            registry.anchor_model(model), {getattr(row, model.path_to_anchor()) for row in entered}
        )
        for row in entered:
            row.stage_since, row.due_at = at, due_at
            vars(row)["stage"] = start.name
        entered = model._base_manager.bulk_create(entered, batch_size=5000)
        by_anchor = defaultdict(list)
        for row in entered:
            by_anchor[getattr(row, model.path_to_anchor())].append(ItemMoved(row.pk, 0, ""))
            self.cases.add(getattr(row, model.path_to_case()))
        for anchor, items in by_anchor.items():
            self.note(model, anchor, "enter", target=start.name, items=items, by=by, cause=cause, rule=rule)
        return entered

    def announce(self, event: Shared, persons: Iterable[int], *, cause: str) -> None:
        persons = list(persons)
        for model in registry.machines():
            if name := model.on.get(event):
                move = model.moves[name]
                stages = [stage.name for stage in move.sources]
                rows = model.rows().filter(**{f"{model.person}__in": persons}, stage__in=stages)
                for anchor, ids in judge.anchors(rows, move).items():
                    self._must_hold(anchor, ids)
                self.make(move, rows, given={}, by=None, cause=f"{event.name}/{cause}")

    def close(self) -> None:
        """Write the events and bring up to date who may see the cases, and for whom they wait."""
        for model, written in self.entries.items():
            streams.append(model, self.heads[model], written, at=self.at)
        if self.cases:
            participants.refresh(sorted(self.cases))

    def _write_set(self, move, verdicts: list[Verdict], stayed, **circumstances) -> int:
        """One row that breaks a constraint never sinks the rest: find the culprits, then write the others at once."""
        broke = self._try(move, verdicts, **circumstances)
        if broke is None:
            return len(verdicts)
        culprits = self._culprits(move, verdicts, broke, **circumstances)
        for pk, sentence in culprits.items():
            stayed[sentence].append(pk)
        rest = [verdict for verdict in verdicts if verdict.pk not in culprits]
        return self._write_set(move, rest, stayed, **circumstances) if rest else 0

    def _culprits(
        self, move, verdicts: list[Verdict], broke: IntegrityError, **circumstances
    ) -> dict[int, str]:
        """The rows that cannot be written even alone, or else the last of those that cannot be together."""
        if len(verdicts) == 1:
            return {verdicts[0].pk: broken(broke)}
        half = len(verdicts) // 2
        found: dict[int, str] = {}
        for part in (verdicts[:half], verdicts[half:]):
            if error := self._try(move, part, for_good=False, **circumstances):
                found |= self._culprits(move, part, error, **circumstances)
        return found or {verdicts[-1].pk: broken(broke)}

    def _try(self, move, verdicts, *, for_good: bool = True, **circumstances) -> IntegrityError | None:
        """Write a set under a savepoint; what broke, or what was only tried, is taken back."""
        before = {model: len(written) for model, written in self.entries.items()}
        broke = None
        try:
            with transaction.atomic():
                self._write(move, verdicts, **circumstances)
                if for_good:
                    return None
                transaction.set_rollback(True)
        except IntegrityError as error:
            broke = error
        for model, written in self.entries.items():
            del written[before.get(model, 0) :]
        return broke

    def _write(self, move: Move, verdicts: list[Verdict], *, given, by, cause: str) -> None:
        """Write the stage, hand the case's task on, do what the move does, and let the system follow."""
        at = self.at = verdicts[0].moment
        due_at, rule = (None, None)
        if move.target and move.target.within:
            due_at, rule = move.target.within.from_moment(at)
        ids = [verdict.pk for verdict in verdicts]
        self._update(move, verdicts, at, due_at)
        if move.goes_on:
            dues.put(move.model, dues.reckon(move.model, ids, at=at))
        by_anchor = defaultdict(list)
        for verdict in verdicts:
            by_anchor[verdict.anchor].append(verdict)
        seen = entries.evidence_seen(move, by_anchor)
        for anchor, group in by_anchor.items():
            facts = entries.of_move(move, group, given) | {"evidence": seen.get(anchor, ())}
            self.note(move.model, anchor, move.name, by=by, rule=rule, given=given, cause=cause, **facts)
        cases = self._cases(move.model, ids, by_anchor)
        self.cases.update(cases)
        if issubclass(move.model, AbstractCase) and move.target:
            tasks.hand_on(move, ids, by=by, at=at)
            if move.target.end:
                registry.concrete(AbstractItem)._base_manager.filter(case__in=ids, open=True).update(
                    open=False
                )
        deed = Deed(self, move, ids, cases, given, by, at)
        for paper in move.gives:
            paper.issue(deed)
        if move.does:
            move.does(deed)
        self._follow(move)

    def _update(self, move: Move, verdicts: list[Verdict], at, due_at) -> None:
        assignments, values = "", {}
        if move.target:
            assignments = ", stage = %(target)s, stage_since = %(at)s, due_at = %(due_at)s, rang = 0"
            assignments += move.model.settling(move.target)
            values = {"target": move.target.name, "at": at, "due_at": due_at}
        values["ids"] = prepared.array(verdict.pk for verdict in verdicts)
        values["stages"] = prepared.array(f'"{verdict.stage}"' for verdict in verdicts)
        wanted = self.single and not self.row
        columns = ", ".join(f"row.{field.column}" for field in move.model._meta.concrete_fields)
        sql = UPDATE.format(
            table=move.model._meta.db_table,
            assignments=assignments,
            returning=f" RETURNING {columns}" if wanted else "",
        )
        with connection.cursor() as cursor:
            prepared.execute(cursor, sql, values, once=len(verdicts) == 1)
            if cursor.rowcount != len(verdicts):
                raise Grew({})
            if wanted:
                self.row = cursor.fetchone()

    @staticmethod
    def _cases(model, ids: list[int], by_anchor) -> list[int]:
        """The cases of the rows moved, without a query where the stream is the case's own."""
        if model.anchor == model.case_path:
            return sorted(by_anchor)
        cases = model.rows().filter(pk__in=ids).order_by().values_list(model.path_to_case(), flat=True)
        return sorted(cases.distinct())

    def _follow(self, cause: Move) -> None:
        """Make the system's moves that ``cause`` may have enabled, on the cases this act has touched."""
        for move in registry.systems_after(cause):
            model = move.model
            rows = model.rows().filter(
                **{f"{model.path_to_case()}__in": sorted(self.cases)},
                stage__in=[s.name for s in move.sources],
            )
            self.make(move, rows, given={}, by=None, cause=cause.name)

    def _must_hold(self, model: type, ids: set[int]) -> None:
        if missing := ids - self.heads.get(model, {}).keys():
            raise Grew({model: missing})

    def note(self, model, anchor, move: str, *, by, rule=None, given: Mapping | None = None, **facts) -> None:
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
    """The words of the constraint that was broken."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return str(registry.constraint_words(name) or _("数据与登记簿冲突（%s）") % name)
