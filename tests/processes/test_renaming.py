"""A stage that is called otherwise from now on: rows, task and history follow, and the trail stays whole."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.audit.models import Event
from apps.audit.verify import verify
from apps.cases.models import OPEN, Case, CaseItem, Task
from apps.engine.door import perform
from apps.organisations.choices import Role
from apps.processes.checks import check_waiting_rows
from tests.engine.scenes import again
from tests.engine.test_walks import folded
from tests.worlds import standing_world, world

__all__ = ["standing_world", "world"]


def test_a_batch_goes_on_under_the_new_name(world):
    case = world.batch("submitted", 1)
    Case.objects.filter(pk=case.pk).update(stage="filed")  # as an older release called it
    assert [error.id for error in check_waiting_rows(None, databases=["default"])] == ["process.E020"]
    call_command("rename_stage", "transferbatch", "filed", "submitted")
    case = again(case)
    assert (case.stage, folded(case)) == ("submitted", "submitted")
    task = Task.objects.get(process=case.pk, status__in=OPEN)
    assert task.flow_task.name == "submitted"
    assert check_waiting_rows(None, databases=["default"]) == []
    assert verify(f"case/{case.pk}").ok
    assert perform(case, "accept", by=world.authority(case, Role.RMO_CLERK)).stage == "accepted"


def test_people_are_renamed_in_sets_with_one_event_for_their_case(world):
    case = world.batch("allocating", 3)
    CaseItem.objects.filter(case=case.pk).update(stage="sent")
    call_command("rename_stage", "transferitem", "sent", "placed")
    (event,) = Event.objects.filter(stream_id=case.pk, move="rename_stage")
    assert (event.source, event.target, event.items_count) == ("sent", "placed", 3)
    assert {item.stage for item in world.items(case)} == {"placed"}


@pytest.mark.parametrize(("old", "new"), [("submitted", "accepted"), ("filed", "handed_in")])
def test_only_what_is_no_more_is_renamed_to_what_is(world, old, new):
    with pytest.raises(CommandError, match="must know"):
        call_command("rename_stage", "transferbatch", old, new)
