"""How many statements an act costs: few for one row, and no more for many."""

from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.engine.door import perform, perform_all
from apps.organisations.choices import Role
from tests.worlds import RONGHUA, Person
from workflows.models import TransferItem


def statements(act) -> list[str]:
    """What an act sends to the database; savepoints stand for the transaction it would open itself."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_accepting_a_batch_takes_twelve_statements_at_most(world):
    perform(world.batch("submitted", 1), "accept", by=world.by(Role.RMO_CLERK, "445200-RMO"))
    case = world.batch("submitted", 3)
    clerk = world.authority(case, Role.RMO_CLERK)
    assert len(statements(lambda: perform(case, "accept", by=clerk))) <= 12


def test_a_street_confirms_forty_people_with_the_statements_for_four(world):
    clerk = world.by(Role.STREET_CLERK, RONGHUA)
    cost = {}
    for number in (4, 40):
        case = world.batch("allocating", [Person() for _ in range(number)])
        cost[number] = len(statements(partial(perform_all, world.items(case), "confirm", by=clerk)))
    assert cost[40] == cost[4]


def test_a_street_receives_forty_people_with_the_statements_for_four(world):
    head = world.by(Role.STREET_HEAD, RONGHUA)
    cost = {}
    for number in (4, 40):
        case = world.batch("handing_over", [Person() for _ in range(number)])
        cost[number] = len(statements(partial(perform_all, world.items(case), "receive", by=head)))
    assert cost[40] == cost[4]


def test_asking_what_may_be_done_is_one_statement_for_each_move(world):
    case = world.batch("allocating", 1)
    item = world.items(case).get()
    by = world.by(Role.STREET_CLERK, item.organisation_id)
    moves = [m for m in TransferItem.moves.values() if m.parties and "placed" in {s.name for s in m.sources}]
    assert len(statements(lambda: item.moves_for(by))) <= len(moves)
