"""The one open viewflow task of a case: finished and handed on, for any number of cases at once."""

from viewflow.workflow import STATUS
from viewflow.workflow.fields import get_task_ref

from apps.audit import prepared

from . import registry
from .flow import START
from .models import AbstractTask

FINISH = """
    UPDATE {task} SET status = 'DONE', started = %(at)s, finished = %(at)s,
                      owner_id = coalesce(%(person)s::bigint, owner_id)
    WHERE process_id = ANY(%(cases)s::bigint[]) AND status IN ('NEW', 'ASSIGNED') RETURNING id, process_id
"""
OPENING = """
    INSERT INTO {task} (process_id, flow_task, flow_task_type, status, token, created, started, finished, owner_id)
    SELECT unnest(%(cases)s::bigint[]), '{start}', 'START', 'DONE', 'start', moment, moment, moment, %(person)s::bigint
    FROM CAST(%(at)s AS timestamptz) AS moment
    RETURNING id, process_id
"""
HAND_ON = """
WITH finished AS ({finish}),
following AS (
    INSERT INTO {task} (process_id, flow_task, flow_task_type, status, token, created, started, finished)
    SELECT process_id, '{node}', '{kind}', '{status}', 'start', moment, {ended}, {ended}
    FROM finished, CAST(%(at)s AS timestamptz) AS moment
    RETURNING id, process_id)
INSERT INTO {link} (from_task_id, to_task_id)
SELECT following.id, finished.id FROM following JOIN finished USING (process_id)
"""


def hand_on(move, cases: list[int], *, by, at) -> None:
    """Finish the tasks that waited for ``move`` and create the next ones: one statement for any set."""
    table, flow, ending = registry.concrete(AbstractTask), move.model.flow, move.target.end
    node = flow.instance.node(move.target.name)
    names = {
        "task": table._meta.db_table,
        "link": table.previous.through._meta.db_table,
        "start": get_task_ref(flow.instance.node(START)),
        "node": get_task_ref(node),
        "kind": node.task_type,
        "status": STATUS.DONE if ending else STATUS.NEW,
        "ended": "moment" if ending else "NULL",
    }
    finish = (FINISH if move.sources else OPENING).format(**names)
    values = {"cases": cases, "at": at, "person": by.user.pk if by else None}
    prepared.rows(HAND_ON.format(finish=finish, **names), values, once=len(cases) == 1)
