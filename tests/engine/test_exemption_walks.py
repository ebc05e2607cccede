"""What holds of every machine after each step of a random walk holds of an exemption too."""

import pytest

from tests.engine import doing
from tests.engine.exemption_scenes import opened
from tests.engine.scenes import again
from tests.engine.test_participants import agree
from tests.engine.test_walks import folded, open_tasks, waiting_stage
from tests.engine.walks import walk
from tests.invariants import broken, invariants_hold


@pytest.mark.parametrize("seed", range(700, 706))
def test_task_participants_and_events_agree_after_every_act(world, seed):
    """Whoever may do something of an exemption does it, from the draft or from before the government."""

    def check(case):
        assert open_tasks(case) == waiting_stage(case)
        agree(case)
        for row in doing.rows_of(case):
            assert folded(row) == row.stage

    rehearsal = opened(world)
    rehearsal.declare()
    rehearsal.prove()
    if seed % 2:
        for act in (
            rehearsal.sign, rehearsal.accept, rehearsal.investigate, rehearsal.report, rehearsal.conclude,
            rehearsal.finance_opines, rehearsal.owner_opines, rehearsal.send_up,
        ):  # fmt: skip
            act()
    assert walk(world, seed, steps=25, after=check, case=rehearsal.case)
    invariants_hold(again(rehearsal.case))
    assert broken() == {}, broken()
