"""Who manages whom, changed in sets: each function is one or two statements, whatever the number of people.

An old interval ends at the very instant the next one begins, so there is neither gap nor overlap.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

OPEN_WITH_ENTERPRISE = """
    INSERT INTO retirees_managementinterval (retiree_id, manager_id, period)
    SELECT retiree.id, retiree.enterprise_id, tstzrange(%s, NULL)
    FROM retirees_retiree AS retiree
    WHERE retiree.id = ANY(%s::bigint[]) AND retiree.died_on IS NULL
      AND NOT EXISTS (SELECT FROM retirees_managementinterval AS open
                      WHERE open.retiree_id = retiree.id AND upper_inf(open.period))
"""
CLOSE = """
    UPDATE retirees_managementinterval SET period = tstzrange(lower(period), %s)
    WHERE retiree_id = ANY(%s::bigint[]) AND upper_inf(period)
"""
OPEN_WITH_STREET = """
    INSERT INTO retirees_managementinterval (retiree_id, manager_id, station_id, period)
    SELECT retiree_id, street_id, station_id, tstzrange(%s, NULL)
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS moved (retiree_id, street_id, station_id)
"""

Moved = tuple[int, int, int | None]


def open_with_enterprise(retiree_ids: Iterable[int], at: datetime) -> int:
    """Let the former enterprise answer for its living retirees whom nobody manages yet; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_WITH_ENTERPRISE, [at, _array(retiree_ids)])
        return cursor.rowcount


def hand_to_street(moved: Iterable[Moved], at: datetime) -> int:
    """Pass each (retiree, street, station or None) to the street at this instant; return how many.

    Also serves a later change of station or street: whoever manages the person until then stops at `at`.
    """
    moved = list(moved)
    if not moved:
        return 0
    retirees, streets, stations = (_array(column) for column in zip(*moved, strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLOSE, [at, retirees])
        cursor.execute(OPEN_WITH_STREET, [at, retirees, streets, stations])
        return cursor.rowcount


def end(retiree_ids: Iterable[int], at: datetime) -> int:
    """End the management of these people, who died or left the city; return how many had a manager."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [at, _array(retiree_ids)])
        return cursor.rowcount


def _array(ids: Iterable[int | None]) -> str:
    # One literal: the server reads it many times faster than a parameter for each element.
    return "{" + ",".join("NULL" if one is None else str(int(one)) for one in ids) + "}"
