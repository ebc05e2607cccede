"""The invariants of a transfer hold after every act of random walks; and the queries that say so can fail."""

import pytest
from django.db import connection

from apps.cases.models import CaseItem
from apps.fees.models import FeeAssessment
from apps.retirees.models import ManagementInterval
from tests.conftest import as_owner
from tests.engine.walks import walk
from tests.invariants import broken, invariants_hold
from tests.worlds import LIUSHADONG


@pytest.mark.parametrize("seed", range(200, 206))
def test_they_hold_after_every_act(world, seed):
    assert walk(world, seed, steps=25, after=invariants_hold)


@pytest.fixture
def received(world):
    """A batch whose people have been received, nothing broken."""
    case = world.batch("completed")
    invariants_hold(case)
    return case


def items(case):
    return CaseItem.objects.filter(case=case.pk)


def names(case) -> set[str]:
    return {name.split()[0] for name in broken(case)}


def test_a_gap_in_the_management_is_found(received):
    ManagementInterval.objects.filter(retiree__items__case=received.pk, period__upper_inf=True).update(
        period=("2020-01-01T00:00:00+08:00", "2020-02-01T00:00:00+08:00")
    )
    assert {"INV-02", "INV-03"} <= names(received)


def test_a_manager_who_is_not_the_receiving_street_is_found(world, received):
    ManagementInterval.objects.filter(retiree__items__case=received.pk, period__upper_inf=True).update(
        manager=world.office(LIUSHADONG)
    )
    assert names(received) == {"INV-03"}


def test_a_third_street_is_found(world, received):
    items(received).update(residence=world.office(LIUSHADONG), hukou=world.office(LIUSHADONG))
    assert names(received) == {"INV-04"}


def test_a_fee_that_is_open_again_is_found(received):
    FeeAssessment.objects.filter(case=received.pk).update(stage="issued")
    assert names(received) == {"INV-10"}


def test_a_person_who_vanishes_from_the_counts_is_found(received):
    items(received).filter(pk=items(received).first().pk).update(stage="nowhere")
    assert "INV-09" in names(received)


def tamper(table: str, sql: str, *params) -> None:
    """Change an append-only table as its owner may; the end of the test takes it back, triggers too."""

    def change():
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(sql, params)

    as_owner(change)


def test_a_line_that_changes_on_the_frozen_list_is_found(received):
    tamper("transfers_frozenline", "UPDATE transfers_frozenline SET street_id = %s", received.authority_id)
    assert names(received) == {"INV-08"}


def test_a_second_role_in_one_case_is_found(received):
    sql = "UPDATE audit_event SET role = 'RMO_HEAD' WHERE stream = 'case' AND stream_id = %s AND move = 'accept'"
    tamper("audit_event", sql, received.pk)
    assert names(received) == {"INV-35"}
