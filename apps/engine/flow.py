"""Derives the viewflow flow of a process from its stages and moves: tasks and history. Nobody writes one.

One node a stage, an edge a move; a stage with several ways out is followed by an exclusive gateway, as BPMN
wants it. Gateways and timers cost no row: the door writes the tasks, and ``apps.processes`` draws.
"""

from __future__ import annotations

import sys

from viewflow import this
from viewflow.workflow import STATUS, Activation, Node, flow, lock
from viewflow.workflow.nodes.mixins import NextNodeMixin

from . import registry
from .models import AbstractTask

START = "opening"


class StageActivation(Activation):
    """A stage waits for people; only the door completes it."""

    @Activation.status.super()
    def activate(self):
        """Wait."""

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self):
        """Never reached from outside: the door takes a task from waiting to done in one statement."""


class StageNode(NextNodeMixin, Node):
    """Where the case waits for somebody."""

    task_type = "HUMAN"
    activation_class = StageActivation


def flow_for(process) -> type[flow.Flow]:
    """Return the flow of a machine, named after it."""
    start = registry.start(process)
    title = next((move.title for move in process.moves.values() if not move.sources), start.title)
    nodes = {START: flow.StartHandle().Next(getattr(this, start.name)).Annotation(title=str(title))}
    for stage in process.stages.values():
        nodes |= _nodes(process, stage)
    attributes = {
        "__module__": process.__module__,
        "__doc__": process.__doc__,
        "lock_impl": lock.no_lock,
        "process_class": process,
        "task_class": registry.concrete(AbstractTask),
    }
    return type(f"{process.__name__}Flow", (flow.Flow,), attributes | nodes)


def bind_all() -> None:
    """Give each process its flow, under the name by which viewflow's rows refer to it."""
    for process in registry.processes():
        process.flow = flow_for(process)
        setattr(sys.modules[process.__module__], process.flow.__name__, process.flow)


def _nodes(process, stage) -> dict:
    if stage.end:
        return {stage.name: flow.End().Annotation(title=str(stage.title))}
    node = StageNode().Annotation(title=str(stage.title))
    for move in registry.leaving(process, stage):
        if move.on_clock:
            node.OnTimeout(stage.within, getattr(this, move.target.name), title=str(move.title))
    ways = targets(process, stage)
    if len(ways) == 1:
        return {stage.name: node.Next(getattr(this, ways[0].name))}
    after, gateway = f"after_{stage.name}", flow.Switch()
    for way in ways:
        gateway.Case(getattr(this, way.name), lambda act, name=way.name: act.process.stage == name)
    return {stage.name: node.Next(getattr(this, after)), after: gateway}


def targets(process, stage) -> list:
    """The stages that people or the system may lead to from here, each once, in the order of the moves."""
    moves = registry.leaving(process, stage)
    return list(dict.fromkeys(move.target for move in moves if move.target and not move.on_clock))
