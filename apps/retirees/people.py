"""Retirees in bulk: the people of a filed roster become retirees of the enterprise in one statement."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from apps.retirees import vault
from apps.retirees.names import pinyin_key

ENLIST = """
    INSERT INTO retirees_retiree (identity_id, name, name_pinyin, phone_sealed, si_agency, party_member,
                                  facts, enterprise_id, created_at)
    SELECT new.*, tuiguan_now()
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[], %s::jsonb[],
                %s::bigint[]) AS new
    ON CONFLICT (identity_id) DO UPDATE SET
        name = EXCLUDED.name, name_pinyin = EXCLUDED.name_pinyin, phone_sealed = EXCLUDED.phone_sealed,
        si_agency = coalesce(nullif(retirees_retiree.si_agency, ''), EXCLUDED.si_agency),
        party_member = EXCLUDED.party_member, facts = EXCLUDED.facts, enterprise_id = EXCLUDED.enterprise_id
    WHERE NOT EXISTS (SELECT FROM retirees_managementinterval AS held
                      WHERE held.retiree_id = retirees_retiree.id AND upper_inf(held.period)
                        AND held.manager_id <> EXCLUDED.enterprise_id)
"""
FIND = "SELECT identity_id, id FROM retirees_retiree WHERE identity_id = ANY(%s::uuid[])"


@dataclass(frozen=True)
class Newcomer:
    """What a roster row says about a person, apart from the number."""

    identity_id: UUID
    name: str
    enterprise_id: int
    phone: str = ""
    si_agency: str = ""
    party_member: str = ""
    facts: dict = field(default_factory=dict)


def enlist(newcomers: Iterable[Newcomer]) -> dict[UUID, int]:
    """Return {identity: retiree}; someone already known keeps the retiree.

    The newer facts are taken unless another body manages the person: then they are that body's to change.
    """
    rows = [
        (
            one.identity_id,
            one.name,
            pinyin_key(one.name),
            vault.seal(one.phone, owner=one.identity_id, field="phone") if one.phone else None,
            one.si_agency,
            one.party_member,
            json.dumps(one.facts, ensure_ascii=False),
            one.enterprise_id,
        )
        for one in sorted(newcomers, key=lambda one: one.identity_id)
    ]
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ENLIST, [list(column) for column in zip(*rows, strict=True)])
        cursor.execute(FIND, [[row[0] for row in rows]])
        return dict(cursor.fetchall())
