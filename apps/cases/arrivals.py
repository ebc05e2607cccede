"""Telling an office that something has come to wait for it: found in what acts left behind, once each."""

from django.db import connection, transaction

from apps.notices.telling import Telling, tell

AT_ONCE = 10_000

TAKE = """
UPDATE cases_participant AS seat SET told = seat.roles
FROM (SELECT id, told FROM cases_participant WHERE NOT roles <@ told
      ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED) AS news
WHERE seat.id = news.id
RETURNING seat.case_id, seat.organisation_id, ARRAY(SELECT unnest(seat.roles) EXCEPT SELECT unnest(news.told))
"""


def tell_arrivals() -> bool:
    """Tell the holders of every role for which something newly waits; say whether there may be more.

    Taking them and telling is one transaction, and only committed acts are seen: each arrival is told once.
    What an act has locked is left to the next time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, [AT_ONCE])
        found = cursor.fetchall()
        tell("arrived", [Telling(office, role, case) for case, office, roles in found for role in roles])
    return len(found) == AT_ONCE
