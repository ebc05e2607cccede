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
    SELECT new.*, %s, tuiguan_now()
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[], %s::jsonb[]) AS new
    ON CONFLICT (identity_id) DO UPDATE SET
        name = EXCLUDED.name, name_pinyin = EXCLUDED.name_pinyin, phone_sealed = EXCLUDED.phone_sealed,
        si_agency = EXCLUDED.si_agency, party_member = EXCLUDED.party_member, facts = EXCLUDED.facts,
        enterprise_id = EXCLUDED.enterprise_id
    RETURNING identity_id, id
"""


@dataclass(frozen=True)
class Newcomer:
    """What a roster row says about a person, apart from the number."""

    identity_id: UUID
    name: str
    phone: str = ""
    si_agency: str = ""
    party_member: str = ""
    facts: dict = field(default_factory=dict)


def enlist(newcomers: Iterable[Newcomer], *, enterprise_id: int) -> dict[UUID, int]:
    """Return {identity: retiree}; someone already known keeps the retiree and takes the newer facts."""
    rows = [
        (
            one.identity_id,
            one.name,
            pinyin_key(one.name),
            vault.seal(one.phone, owner=one.identity_id, field="phone") if one.phone else None,
            one.si_agency,
            one.party_member,
            json.dumps(one.facts, ensure_ascii=False),
        )
        for one in sorted(newcomers, key=lambda one: one.identity_id)
    ]
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ENLIST, [enterprise_id, *(list(column) for column in zip(*rows, strict=True))])
        return dict(cursor.fetchall())
