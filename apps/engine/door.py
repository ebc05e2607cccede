"""The only door through which a stage changes: locked, judged, moved and recorded in one transaction.

``begin`` opens a case, ``perform`` moves one row, ``perform_all`` a set; a single row is a set of one.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.policies.rules import RuleMissing

from . import judge, registry
from .act import Act, Grew, broken
from .words import Given, Move, Reasons, passing

ATTEMPTS = 5


class Refused(Exception):
    """The move was not made; the message says why in the policy's words, ``who`` says who could act."""

    def __init__(self, *sentences: str, who: str = "", fields: Mapping | None = None):
        self.sentences = tuple(str(sentence) for sentence in sentences)
        self.who = str(who)
        self.fields = fields or {}
        super().__init__(_("；").join(self.sentences))


@dataclass
class Outcome:
    """How many rows moved, and which stayed for what reason."""

    act: uuid.UUID
    moved: int = 0
    stayed: dict[str, list[int]] = field(default_factory=dict)


def begin(process, name: str, *, by, given: Given | None = None):
    """Open a case by its opening move and return it. Raises ``Refused``."""
    move = process.moves[name]
    asked = _asked(move, given)
    with transaction.atomic():
        case = process.opening(by, asked)
        case.save(force_insert=True)
        outcome = _move(move, row=case, by=by, given=asked)
        if outcome.stayed:
            raise Refused(*outcome.stayed, who=judge.who(move))
    return process.rows().get(pk=case.pk)


def perform(row, name: str, *, by, reason="", reason_code="", given: Given | None = None, seen=None):
    """Make one move on one row and return the row as it now stands.

    ``seen`` is the ``row_seq`` of the page the decision was taken on; a row that has moved since is refused
    and the answer says who moved it and when. Raises ``Refused``.
    """
    model = registry.of_row(row)
    move = model.moves[name]
    if type(row) is not model:
        row = model.rows().get(pk=row.pk)
    if seen is not None and seen != row.row_seq:
        raise Refused(_("本页已过时"), _last_act(row))
    asked = _asked(move, given, reason, reason_code)
    outcome = _move(move, row=row, by=by, given=asked, reason=reason, reason_code=reason_code)
    if outcome.stayed:
        stale = not model.rows().filter(pk=row.pk, stage__in=move.sources.names).exists()
        raise Refused(*outcome.stayed, *([_last_act(row)] if stale else []), who=judge.who(move))
    return row


def perform_all(
    rows,
    name: str,
    *,
    by,
    reason="",
    reason_code="",
    given: Given | None = None,
    act: uuid.UUID | None = None,
) -> Outcome:
    """Make one move on a set of rows; those that may not move stay, each with its reason.

    A long set is moved in parts that share one ``act``. Raises ``Refused`` only for what concerns the whole set:
    a missing reason, a form not filled in.
    """
    move = rows.model.moves[name]
    asked = _asked(move, given, reason, reason_code)
    chosen = rows.model.rows().filter(pk__in=rows.order_by().values("pk"))
    return _move(
        move, chosen, by=by, given=asked, reason=reason, reason_code=reason_code, id=act or uuid.uuid4()
    )


def _move(move: Move, rows=None, *, row=None, **of_act) -> Outcome:
    """Lock what the rows (or the one row) reach, judge, move; when that is further than locked, start over.

    ``of_act`` says who acts, what was given, and why.
    """
    wanted: dict[type, set[int]] = defaultdict(set)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                act = Act(single=row is not None, **of_act)
                act.lock(judge.anchors(rows, move, row=row), wanted)
                if row:
                    verdict = judge.verdict(row.pk, move, by=act.by, given=act.given)
                    moved, stayed = act.make(move, [verdict])
                else:
                    verdicts = judge.verdicts(rows, move, by=act.by, given=act.given)
                    moved, stayed = act.make(move, verdicts)
                act.close()
            if row and moved:
                _transit(row, move, act)
            return Outcome(act.id, moved, stayed)
        except Grew as further:
            for model, ids in further.anchors.items():
                wanted[model] |= ids
        except IntegrityError as error:
            raise Refused(broken(error)) from error
        except RuleMissing as missing:
            raise Refused(str(missing)) from missing
    raise Refused(_("同一批次正由多人同时办理，请稍后再试"))


def _asked(move: Move, given: Given | None, reason: str = "", reason_code: str = "") -> dict:
    """What the move must be given, checked: its form's fields, its reason. Raises ``Refused``."""
    if isinstance(move.reason, Reasons) and reason_code not in move.reason.choices:
        raise Refused(_("请从列出的理由中选择一项"), fields={"reason_code": [_("请选择理由")]})
    if move.reason is True and sum(sign.isalnum() for sign in reason) < 2:  # a full stop is no reason
        raise Refused(_("请写明理由，至少两个字"), fields={"reason": [_("请写明理由")]})
    if move.asks is None:
        return {}
    form = move.asks(given or {}, given or {})  # files travel in the same mapping
    if not form.is_valid():
        sentences = [_labelled(form, name, error) for name, errors in form.errors.items() for error in errors]
        raise Refused(*sentences, fields=form.errors)
    return form.cleaned_data


def _labelled(form, name: str, error: str) -> str:
    if name not in form.fields:
        return error
    return _("%(label)s：%(value)s") % {"label": form.fields[name].label, "value": error}


def _transit(row, move: Move, act: Act) -> None:
    """Let django-fsm move the instance the caller holds, and tell it what the act made of its row."""
    if row.stage in move.sources.names:
        token = passing.set(move)
        try:
            getattr(row, move.name)()
        finally:
            passing.reset(token)
    if move.does or move.goes_on or registry.systems_after(move):
        row.refresh_from_db()
        return
    for column, value in zip(row._meta.concrete_fields, act.row, strict=True):
        if column.name == "stage":
            vars(row)["stage"] = value  # protected against everybody else
        elif not hasattr(column, "from_db_value"):
            setattr(row, column.attname, value)
    if not row.anchor:
        row.stream_seq, row.stream_head = act.heads[registry.anchor_model(type(row))][row.pk]


def _last_act(row) -> str:
    """Who moved the row last, and when, in words."""
    event = row.events().last()
    if event is None:
        return str(_("本件尚无办理记录"))
    machine = next((m for m in registry.machines() if m._meta.model_name == event.machine), None)
    move = machine and machine.moves.get(event.move)
    return str(_("%(who)s已于%(when)s办理“%(what)s”")) % {
        "who": event.actor.get("person") or _("系统"),
        "when": f"{timezone.localtime(event.recorded_at):%Y-%m-%d %H:%M}",
        "what": move.title if move else event.move,
    }
