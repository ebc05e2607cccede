"""What holds after every step of random walks: the open task is the stage's, and the events tell the stages."""

import pytest

from apps.audit.models import Event, EventItem
from apps.cases.models import OPEN, Task
from apps.engine import registry
from apps.engine.door import Refused, perform
from apps.organisations.choices import Role
from tests.engine import doing
from tests.engine.allocation_scenes import allocation_scenes
from tests.engine.exemption_scenes import exemption_scenes
from tests.engine.scenes import again, fee_scenes
from tests.engine.walks import walk


def open_tasks(case) -> list[str]:
    """The stages that a case's open viewflow tasks stand for."""
    return [task.flow_task.name for task in Task.objects.filter(process=case.pk, status__in=OPEN)]


def folded(row) -> str:
    """The stage a row must be at if its events are the whole truth."""
    moved = row.events().filter(machine=row._meta.model_name).exclude(target="")
    return moved.values_list("target", flat=True).last() or ""


def waiting_stage(case) -> list[str]:
    """The stage a case waits in, if it waits at all."""
    case = again(case)
    return [] if case.at.end else [case.stage]


@pytest.mark.parametrize("seed", range(6))
def test_the_open_task_is_always_that_of_the_stage(world, seed):
    def check(case):
        assert open_tasks(case) == waiting_stage(case)

    assert walk(world, seed, steps=25, after=check)


@pytest.mark.parametrize("seed", range(100, 106))
def test_folding_the_events_gives_every_stage(world, seed):
    ended = []

    def check(case):
        ended[:] = [case]
        case = again(case)
        assert folded(case) == case.stage

    assert walk(world, seed, steps=30, after=check)
    for row in doing.rows_of(ended[0]):
        assert folded(row) == row.stage, row._meta.model_name
        counted = EventItem.objects.filter(
            row_id=row.pk, event__machine=row._meta.model_name, event__move__in=["enter", *row.moves]
        ).order_by("row_seq")
        if row._meta.model_name != "transferbatch":
            assert list(counted.values_list("row_seq", flat=True)) == list(range(row.row_seq + 1))


def test_a_row_tampered_with_no_longer_agrees_with_its_events(world):
    case = world.batch("submitted", 1)
    type(case).objects.filter(pk=case.pk).update(stage="accepted")
    assert folded(case) != again(case).stage


def test_each_task_names_its_predecessor_and_who_finished_it(world):
    case = world.batch("matching", 1)
    tasks = list(Task.objects.filter(process=case.pk).order_by("pk").prefetch_related("previous"))
    assert [task.flow_task.name for task in tasks] == [
        "opening",
        "draft",
        "submitted",
        "accepted",
        "matching",
    ]
    assert [[before.pk for before in task.previous.all()] for task in tasks[1:]] == [
        [t.pk] for t in tasks[:-1]
    ]
    who = [world.applicant(case, Role.ENT_CLERK), world.applicant(case, Role.ENT_HEAD)]
    who += [world.authority(case, Role.RMO_CLERK)] * 2
    assert [task.owner_id for task in tasks] == [who[0].user.pk, *(by.user.pk for by in who[1:]), None]


def test_a_refused_move_leaves_no_trace(world):
    case = world.batch("submitted", 1)
    before = (Event.objects.count(), open_tasks(case), again(case).row_seq)
    with pytest.raises(Refused):
        perform(case, "accept", by=world.applicant(case, Role.ENT_HEAD))
    assert (Event.objects.count(), open_tasks(case), again(case).row_seq) == before


def test_every_machine_writes_its_events_under_its_own_name(world):
    case = world.batch("completed", 1)
    list(fee_scenes(world))
    list(exemption_scenes(world))
    list(allocation_scenes(world))
    names = set(Event.objects.exclude(machine="").values_list("machine", flat=True))
    assert names == {model._meta.model_name for model in registry.machines()}, case
