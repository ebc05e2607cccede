"""What holds of every machine after each step of a random walk holds of an allocation too."""

import pytest

from tests.engine import doing
from tests.engine.allocation_scenes import earn, settle
from tests.engine.scenes import again
from tests.engine.test_participants import agree
from tests.engine.test_walks import folded, open_tasks, waiting_stage
from tests.engine.walks import walk
from tests.invariants import broken, invariants_hold
from tests.worlds import RONGCHENG, RONGHUA, XINXING
from workflows.rehearsals.allocation import AllocationRehearsal


@pytest.mark.parametrize("seed", range(800, 804))
def test_task_participants_and_events_agree_after_every_act(world, seed):
    """Whoever may do something of an allocation does it, from the draft or from before the payment."""

    def check(case):
        assert open_tasks(case) == waiting_stage(case)
        agree(case)
        for row in doing.rows_of(case):
            assert folded(row) == row.stage

    settle(world, RONGHUA, 2)
    settle(world, XINXING, 1)
    earn(1_000_00)
    one = AllocationRehearsal(world.office(RONGCHENG))
    one.walk("YEARLY" if seed % 2 else "START_UP", "activity", until="draft" if seed % 4 < 2 else "approved")
    assert walk(world, seed, steps=15, after=check, case=one.case)
    invariants_hold(again(one.case))
    assert broken() == {}, broken()
