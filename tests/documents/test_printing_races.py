"""Two print one paper at one moment; a file of its own: nothing of the standing world may be open meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from apps.documents import register
from apps.documents.making import content
from apps.documents.models import Paper, Printing
from apps.engine.door import Refused
from apps.organisations.choices import Role
from tests.racing import nobody_passes, outcome, until_waiting
from tests.worlds import World

from .conftest import draw_up, the


def test_two_who_print_at_one_moment_come_one_after_the_other(transactional_db):
    world = World()
    case = world.batch("accepted", 1)
    draw_up()
    paper = the(case, "AcceptanceNotice")
    people = [world.authority(case, Role.RMO_CLERK), world.authority(case, Role.RMO_HEAD)]
    prints = [partial(register.hand_out, Paper.objects.get(pk=paper.pk), by=by) for by in people]
    with ThreadPoolExecutor(2) as pool:
        with nobody_passes(case):
            printing = [pool.submit(outcome, one) for one in prints]
            until_waiting(2, printing)
            assert not any(one.done() for one in printing)
        results = [one.result(timeout=60) for one in printing]
    copy, refused = sorted(results, key=lambda result: isinstance(result, Refused))
    assert copy == content(paper.file) and "再次打印" in str(refused)
    assert Printing.objects.count() == 1
