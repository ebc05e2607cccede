"""Reckons the open clocks anew when a rule or the calendar has changed, and says why; closed cases keep theirs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.audit.streams import ItemMoved, now
from apps.calendar.models import HolidayNotice
from apps.calendar.workdays import day_of
from apps.engine import dues, registry
from apps.engine.act import Act
from apps.policies.models import Rule
from apps.policies.rules import RuleValue

from .standstill import running

AT_ONCE = 1000
CAUSES = {model.STREAM: model for model in (Rule, HolidayNotice)}


def part(state: dict[str, Any]) -> dict[str, Any] | None:
    """Reckon the next rows for the oldest approved rule or notice not yet taken into account.

    Returns how far it has got, for the next part; nothing when all is taken into account.
    """
    cause = _cause(state)
    if cause is None:
        return None
    machines = [model for model in registry.machines() if _stages(model, cause)]
    names = [model._meta.model_name for model in machines]
    place = names.index(state["machine"]) if state.get("machine") in names else 0
    for model in machines[place:]:
        after = state.get("after", 0) if model._meta.model_name == state.get("machine") else 0
        rows = _waiting(model, cause).filter(pk__gt=after).order_by("pk")
        if ids := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
            reckon(model, ids, cause)
            return _said(cause) | {"machine": model._meta.model_name, "after": ids[-1]}
    type(cause).objects.filter(pk=cause.pk).update(reckoned=True)
    return {}


def reckon(model, ids: list[int], cause: Rule | HolidayNotice) -> int:
    """Reckon some rows of a machine anew; return how many fall due on another day.

    Who falls due later than now has heard no alarm yet.
    """
    anchor, case = model.path_to_anchor(), model.path_to_case()
    with transaction.atomic():
        act = Act(by=None)
        reached = list(model.rows().filter(pk__in=ids).values_list(anchor, case))
        act.lock(
            {registry.anchor_model(model): {row[0] for row in reached}},
            {registry.concrete(registry.models.AbstractCase): {row[1] for row in reached}},
        )
        act.at = now()
        open_still = _waiting(model, cause).filter(pk__in=ids)
        before = dict(open_still.values_list("pk", "due_at"))
        due = dues.reckon(model, list(before), at=act.at)
        changed = dues.put(model, due)
        model.rows().filter(pk__in=changed, due_at__gt=act.at).update(rang=0)
        by_anchor = defaultdict(list)
        for row in model.rows().filter(pk__in=changed).values_list(anchor, case, "pk", "row_seq", "stage"):
            by_anchor[row[0]].append(row)
        for pk, group in by_anchor.items():
            act.cases |= {row[1] for row in group}
            act.note(
                model,
                pk,
                "reckon",
                by=None,
                items=[ItemMoved(*row[2:]) for row in group] if model.anchor else (),
                rule=_rule(cause),
                given={
                    "from": _days(before[row[2]] for row in group),
                    "to": _days(due[row[2]] for row in group),
                    **_why(cause),
                },
            )
        act.close()
    return len(changed)


def _days(moments: Iterable[datetime]) -> str:
    """The days of some moments, from the first to the last."""
    days = sorted({day_of(moment) for moment in moments})
    return f"{days[0]}" if len(days) == 1 else f"{days[0]} – {days[-1]}"


def _cause(state: dict[str, Any]) -> Rule | HolidayNotice | None:
    if "cause" in state:
        return CAUSES[state["cause"]].objects.get(pk=state["row"])
    waiting = Q(approved_at__isnull=False, reckoned=False)
    found = [model.objects.filter(waiting).order_by("approved_at").first() for model in CAUSES.values()]
    return min(filter(None, found), key=lambda row: row.approved_at, default=None)


def _said(cause: Rule | HolidayNotice) -> dict[str, Any]:
    return {"cause": cause.STREAM, "row": cause.pk}


def _why(cause: Rule | HolidayNotice) -> dict[str, Any]:
    """Which notice changed the days, and who approved the change."""
    approved = {"approved_by": str(cause.approver)} if cause.approver else {}
    return approved if isinstance(cause, Rule) else {"notice": f"{cause.title}（{cause.number}）", **approved}


def _rule(cause: Rule | HolidayNotice) -> RuleValue | None:
    if not isinstance(cause, Rule):
        return None
    return RuleValue(cause.pk, cause.key, cause.value, cause.unit, cause.status)


def _stages(model, cause: Rule | HolidayNotice) -> list[str]:
    """The stages whose clocks the cause concerns."""
    return [
        stage.name
        for stage in model.stages.values()
        if stage.within and (isinstance(cause, HolidayNotice) or stage.within.key == cause.key)
    ]


def _waiting(model, cause: Rule | HolidayNotice):
    """The rows that may fall due on another day now; a suspended case is reckoned when it goes on."""
    return running(model).filter(stage__in=_stages(model, cause))
