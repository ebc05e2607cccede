"""A stage that is called otherwise from now on: the rows that wait in it are renamed, and every stream says so."""

from collections import defaultdict

from django.db import transaction
from viewflow.workflow.fields import get_task_ref

from apps.audit.streams import ItemMoved, now
from apps.cases.models import OPEN, Case, Task
from apps.engine import registry
from apps.engine.act import Act
from apps.engine.dues import RENAME

AT_ONCE = 5000


def rename(model, old: str, new: str) -> int:
    """Rename a stage of a machine in all rows that wait in it; return how many. Raises ValueError.

    What the trail says of the past stays as it was said: whoever reads it applies the renaming.
    """
    if old in model.stages or new not in model.stages:
        raise ValueError(f"{model.__name__} must know {new} and no longer {old}")
    renamed = 0
    while part := list(model.rows().filter(stage=old).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        renamed += _rename(model, part, old, new)
    return renamed


def _rename(model, ids: list[int], old: str, new: str) -> int:
    paths = (model.path_to_anchor(), model.path_to_case(), "pk", "row_seq")
    with transaction.atomic():
        rows = model.rows().filter(pk__in=ids)
        reached = list(rows.values_list(*paths[:2]))
        act = Act(by=None)
        act.lock(
            {registry.anchor_model(model): {row[0] for row in reached}}, {Case: {row[1] for row in reached}}
        )
        act.at = now()
        facts = list(rows.filter(stage=old).values_list(*paths))
        rows.filter(pk__in=[fact[2] for fact in facts]).update(stage=new)
        by_anchor = defaultdict(list)
        for anchor, case, pk, row_seq in facts:
            act.cases.add(case)
            by_anchor[anchor].append(ItemMoved(pk, row_seq, old))
        if model in registry.processes():
            node = model.flow.instance.node(new)
            waiting = Task.objects.filter(process__in=list(act.cases), status__in=OPEN)
            waiting.update(flow_task=get_task_ref(node), flow_task_type=node.task_type)
        for anchor, items in by_anchor.items():
            moved = items if model.anchor else ()
            act.note(model, anchor, RENAME, by=None, source=old, target=new, items=moved)
        act.close()
    return len(facts)
