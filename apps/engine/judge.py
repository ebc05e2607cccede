"""Judges who may make which move on which rows, in one statement for one row and for a million.

Both the door (after locking) and the faces (to show what is possible, and why not) ask here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import NamedTuple

from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.fields import DateTimeField
from django.utils.translation import gettext_lazy as _

from apps.audit import prepared
from apps.audit.models import Event
from apps.organisations.models import Post

from . import registry
from .words import Demand, Move, System

MOMENT = Func(function="tuiguan_now", output_field=DateTimeField())
"""The database's own clock; nobody hands in the time."""


class Verdict(NamedTuple):
    """What is to be said of one row: what keeps it from moving (nothing: it may), and where it stands."""

    unmet: tuple[str, ...]
    pk: int
    anchor: int
    case: int
    stage: str
    row_seq: int
    due_at: datetime | None
    moment: datetime


STANDING = len(Verdict._fields) - 1  # columns that say where a row stands; then come its demands


def verdicts(rows, move: Move, *, by, given: Mapping | None = None) -> Iterator[Verdict]:
    """Yield a verdict for each of ``rows``: authority first, then the policy's demands.

    Without ``given`` nothing is said of what the move is still to be given.
    """
    checks = [demand for demand in demands(move, by) if given is not None or not demand.of_given]
    for facts in _facts(rows, move, checks, given or {}):
        yield _verdict(facts, checks)


def verdict(pk: int, move: Move, *, by, given: Mapping | None = None) -> Verdict:
    """The verdict for one row, by the same demands in the same words. Raises ``ValueError`` where there is none.

    The statement depends on the move and on the actor's role alone: it is written down once, unless a
    demand reads what the move is given.
    """
    if given is not None and any(demand.of_given for demand in move.needs):
        return next(verdicts(move.model.rows().filter(pk=pk), move, by=by, given=given))
    values = {"row": pk}
    if by is not None:
        values |= {"post": by.post and by.post.pk, "person": by.user.pk, "body": by.organisation.pk}
        values |= {"digest": by.user.identity_digest} if by.user.identity_digest else {}
    sql = _statement(move, None if by is None else by.role, "digest" in values)
    [facts] = prepared.rows(sql, {name: value for name, value in values.items() if f"%({name})s" in sql})
    return _verdict(facts, () if all(facts[STANDING:]) else [d for d in demands(move, by) if not d.of_given])


# Values no row has, in whose place the statement for one row gets the actor's and the row's.
ROW, POST, PERSON, BODY, DIGEST = -9_000_000_001, -9_000_000_002, -9_000_000_003, -9_000_000_004, "{digest}"
STANDINS = {ROW: "row", POST: "post", PERSON: "person", BODY: "body", DIGEST: "digest"}


@cache
def _statement(move: Move, role: str | None, with_digest: bool) -> str:
    """What judges one row for an actor in this role, written once."""
    user = SimpleNamespace(pk=PERSON, identity_digest=DIGEST if with_digest else "")
    post, body = SimpleNamespace(pk=POST), SimpleNamespace(pk=BODY)
    by = None if role is None else SimpleNamespace(role=role, user=user, post=post, organisation=body)
    checks = [demand for demand in demands(move, by) if not demand.of_given]
    return prepared.written(_facts(move.model.rows().filter(pk=ROW), move, checks, {}), STANDINS)


def _facts(rows, move: Move, checks: list[Demand], given: Mapping):
    """A query of what a verdict says of a row, and for each demand whether it is met."""
    anchor, case = move.model.path_to_anchor(), F(move.model.path_to_case())
    truths = {f"_d{number}": _truth(demand.query(given)) for number, demand in enumerate(checks)}
    rows = rows.order_by("pk").annotate(_case=case, _moment=MOMENT, **truths)
    return rows.values_list("pk", anchor, "_case", "stage", "row_seq", "due_at", "_moment", *truths)


def _verdict(facts: tuple, checks: Sequence[Demand]) -> Verdict:
    row, met = facts[:STANDING], facts[STANDING:]
    if all(met):
        return Verdict((), *row)
    lacking = (demand for demand, holds in zip(checks, met, strict=True) if not holds)
    return Verdict(tuple(str(demand.sentence) for demand in lacking), *row)


def demands(move: Move, by) -> Iterator[Demand]:
    """Everything asked before ``move``, most telling first, as one list of demands."""
    model = move.model
    stages = _("、").join(str(stage.title) for stage in move.sources)
    if stages:
        yield Demand(_("当前环节为“%s”") % stages, Q(stage__in=move.sources.names))
    else:
        yield Demand(_("尚未立案"), Q(stage=""))
    if move.parties:
        yield Demand(_("由%s办理") % who(move), authority(move, by))
    if by is not None:
        yield from _duties(move, by)
    if not move.despite_suspension:
        yield Demand(_("案件未被中止"), Q(**{model.of_case("suspended_at"): None}))
    if move.during:
        process = registry.machine(model.within_case)
        titles = _("、").join(str(process.stages[name].title) for name in move.during)
        yield Demand(_("案件处于“%s”") % titles, Q(**{model.of_case("stage__in"): list(move.during)}))
    for kind in move.takes:
        yield Demand(attached_words(kind), Q(_attached(move, kind)))
    yield from move.needs


def attached_words(kind) -> str:
    """What is demanded where a move takes a paper of this kind."""
    return _("已附“%s”") % kind.title


def who(move: Move) -> str:
    """The people who may make a move, in words."""
    actors = (move.by,) if isinstance(move.by, System) else move.parties
    return _("、").join(str(actor.title) for actor in actors)


def authority(move: Move, by) -> Q:
    """The actor holds the post today, and the post's organisation is the row's party to this move."""
    parties = [party for party in move.parties if by and party.role == by.role]
    if not parties:
        return Q(pk__in=[])
    holds = Post.objects.held().filter(
        pk=by.post.pk, user_id=by.user.pk, organisation_id=by.organisation.pk, role=by.role
    )
    place = Q()
    for party in parties:
        place |= Q(**{party.at(move.model): by.organisation.pk})
    return place & Q(Exists(holds))


def _duties(move: Move, by) -> Iterator[Demand]:
    """Separation of duties: never two hats in one case, never one's own reviewer, never one's own case."""
    model, anchor = move.model, registry.anchor_model(move.model)
    acts = Event.objects.filter(
        stream=anchor.STREAM,
        stream_id=OuterRef(model.path_to_anchor()),
        person_id=by.user.pk,
    )
    if move.rivals:
        rivals = acts.filter(move__in=[rival.name for rival in move.rivals])
        titles = _("、").join(str(rival.title) for rival in move.rivals)
        yield Demand(_("与办理“%s”的人不是同一人") % titles, ~Q(Exists(rivals)))
    if issubclass(anchor, registry.models.AbstractCase):
        yield Demand(_("同一人未以另一身份办理过本件"), ~Q(Exists(acts.exclude(role=by.role))))
    if model.about and by.user.identity_digest:
        yield Demand(_("本人不得办理与自己有关的事项"), ~Q(**{model.about: by.user.identity_digest}))


def _attached(move: Move, kind) -> Exists:
    """A paper of the kind lies with the case, and no earlier act of the same move has used it up."""
    model, evidence = move.model, registry.concrete(registry.models.AbstractEvidence)
    used = Event.objects.filter(
        stream=registry.concrete(registry.models.AbstractCase).STREAM,
        stream_id=OuterRef("case_id"),
        machine=model._meta.model_name,
        move=move.name,
        recorded_at__gte=OuterRef("attached_at"),
    )
    papers = evidence._base_manager.filter(case=OuterRef(model.path_to_case()), kind=kind.code)
    if model.attached_by:
        papers = papers.filter(organisation=OuterRef(model.attached_by))
        used = used.filter(items__row_id=OuterRef(OuterRef("pk")))
    return Exists(papers.filter(~Exists(used)))


def _truth(condition: Q) -> Case:
    """A condition as a column: unknown counts as not met."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def anchors(rows, move: Move, *, row=None) -> dict[type, set[int]]:
    """The rows whose streams a move writes to or whose case it concerns, per model: what to lock.

    A single ``row`` knows its nearest ones without asking the database.
    """
    found: dict[type, set[int]] = {}
    for path in dict.fromkeys((move.model.anchor, move.model.case_path, *move.touches)):
        column = f"{path}_id" if path else "pk"
        if row and "__" not in path:
            ids = [getattr(row, column)]
        else:
            chosen = move.model.rows().filter(pk=row.pk) if row else rows
            ids = chosen.order_by().values_list(column, flat=True).distinct()
        found.setdefault(registry.reached(move.model, path), set()).update(pk for pk in ids if pk is not None)
    return found
