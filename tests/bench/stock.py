"""A stock Viewflow human step to measure against: its own models, assigned and executed as its own views do."""

from types import SimpleNamespace

from django.db import connection, transaction
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.fields import get_flow_ref, get_task_ref
from viewflow.workflow.flow.views import UpdateProcessView
from viewflow.workflow.models import Process, Task

FILL = """
WITH started AS (
    INSERT INTO viewflow_process (flow_class, status, created, data)
    SELECT %(flow)s, 'NEW', now(), '{}' FROM generate_series(1, %(count)s) RETURNING id),
opened AS (
    INSERT INTO viewflow_task (process_id, flow_task, flow_task_type, status, token, created, started, finished, data)
    SELECT id, %(start)s, 'START', 'DONE', 'start', now(), now(), now(), '{}' FROM started RETURNING id, process_id),
waiting AS (
    INSERT INTO viewflow_task (process_id, flow_task, flow_task_type, status, token, created, data)
    SELECT id, %(accept)s, 'HUMAN', 'NEW', 'start', now(), '{}' FROM started RETURNING id, process_id)
INSERT INTO viewflow_task_previous (from_task_id, to_task_id)
SELECT waiting.id, opened.id FROM waiting JOIN opened USING (process_id)
"""


class StockFlow(flow.Flow):
    """Two people one after the other, as in viewflow's own examples."""

    process_class = Process
    task_class = Task
    lock_impl = lock.select_for_update_lock  # what its manual recommends on PostgreSQL; our door locks too

    start = flow.StartHandle().Next(this.accept)
    accept = flow.View(UpdateProcessView.as_view(fields=[])).Next(this.query)
    query = flow.View(UpdateProcessView.as_view(fields=[])).Next(this.end)
    end = flow.End()


def fill(count: int) -> list[tuple[int, int]]:
    """Start so many processes at once and return (process, open task) of each."""
    nodes = StockFlow.instance
    with connection.cursor() as cursor:
        cursor.execute(FILL, {
            "flow": get_flow_ref(StockFlow), "count": count,
            "start": get_task_ref(nodes.start), "accept": get_task_ref(nodes.accept),
        })  # fmt: skip
    newest = Task.objects.filter(status="NEW").order_by("-pk")[:count]
    return sorted(newest.values_list("process_id", "pk"))


def step(process: int, task: int, user) -> None:
    """One human step: the page that assigns the task, then the page that executes it."""
    node, request = StockFlow.instance.accept, SimpleNamespace(user=user)
    with _activation(process, task, node.can_assign, user) as activation:
        activation.assign(user)
    with _activation(process, task, node.can_execute, user) as activation:
        activation.start(request)
        activation.process.save()  # what the page's form does
        activation.execute()


class _activation:
    """What viewflow's `wrap_task_view` does around a POST: lock, read the task, check, act, commit."""

    def __init__(self, process: int, task: int, permission, user):
        self.task, self.permission, self.user = task, permission, user
        self.scopes = [StockFlow.lock(process), transaction.atomic()]

    def __enter__(self):
        for scope in self.scopes:
            scope.__enter__()
        task = Task._default_manager.get(pk=self.task)
        if task.process.flow_class is not StockFlow or not self.permission(self.user, task=task):
            raise LookupError(self.task)
        return StockFlow.instance.accept.activation_class(task)

    def __exit__(self, *raised):
        for scope in reversed(self.scopes):
            scope.__exit__(*raised)
