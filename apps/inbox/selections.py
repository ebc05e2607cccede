"""The rows somebody ticked: named in a form, read back, and cut down to what the office may see.

A pick is ``machine:row``, or ``machine@case:stage`` for all of a case's rows that wait there, the latter
with ``?words`` behind it when the list was narrowed.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from apps.engine import registry
from apps.engine.words import Stage
from apps.retirees.models import Retiree

from .sight import may_try, rows_seen

PICK = re.compile(
    r"(?P<machine>[a-z]+)(?::(?P<row>\d{1,18})|@(?P<case>\d{1,18})(?::(?P<stage>[a-z_]*))?(?:\?(?P<words>.*))?)"
)
NAMES = 12


@dataclass(frozen=True)
class Group:
    """The picked rows of one machine that stand in one stage."""

    model: type
    stage: Stage
    count: int
    rows: object

    @property
    def names(self) -> list[str]:
        return [str(row) for row in self.rows.order_by("pk")[:NAMES]]

    @property
    def more(self) -> int:
        return max(0, self.count - NAMES)


def read(picks: list[str], acting) -> dict[type, object]:
    """The picked rows by machine, without those this office may not see; forged names simply find nothing."""
    known = {model._meta.model_name: model for model in registry.machines()}
    wanted = defaultdict(Q)
    for pick in picks:
        found = PICK.fullmatch(pick)
        if found and found["machine"] in known:
            model = known[found["machine"]]
            wanted[model] |= _condition(model, found, acting)
    seen = {}
    for model, condition in wanted.items():
        chosen = model.rows().filter(condition)
        seen[model] = model.rows().filter(
            pk__in=rows_seen(model, acting).filter(pk__in=chosen.values("pk")).values("pk")
        )
    return seen


def groups(selection: dict[type, object]) -> list[Group]:
    """The picked rows by machine and stage, in the order of the process."""
    found = []
    for model, rows in selection.items():
        numbers = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
        found += [
            Group(model, stage, numbers[name], rows.filter(stage=name))
            for name, stage in model.stages.items()
            if name in numbers
        ]
    return found


def _condition(model, found, acting) -> Q:
    if found["row"]:
        return Q(pk=int(found["row"]))
    condition = Q(**{model.case_path or "pk": int(found["case"])}) & may_try(model, acting)
    if found["stage"]:
        condition &= Q(stage=found["stage"])
    if found["words"] and model.person:
        condition &= Q(**{f"{model.person}__in": Retiree.objects.search(found["words"])})
    return condition
