"""Telling people: one statement in the act's own transaction, so an act that is rolled back tells nobody."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from .holders import holders
from .kinds import KINDS

INSERT = """
INSERT INTO notices_notice (kind, user_id, organisation_id, role, case_id, job_id, facts, told_at, to_send)
SELECT %(kind)s, post.user_id, post.organisation_id, post.role, told.case_id, told.job_id, told.facts,
       COALESCE(%(at)s, tuiguan_now()), COALESCE(preference.how, %(usual)s) = 'now'
FROM jsonb_to_recordset(%(tellings)s) AS told (
    organisation_id bigint, role text, case_id bigint, user_id bigint, job_id bigint, facts jsonb)
JOIN ({posts}) AS post (user_id, organisation_id, role)
  ON post.organisation_id = told.organisation_id AND told.role IN (post.role, '')
 AND COALESCE(told.user_id, post.user_id) = post.user_id
LEFT JOIN notices_preference AS preference
  ON preference.user_id = post.user_id AND preference.kind = %(kind)s
ON CONFLICT (job_id, user_id, kind) DO NOTHING
"""


@dataclass(frozen=True)
class Telling:
    """Whom something concerns, in which case, with which codes and numbers.

    Those who hold a role at an organisation, every role where it is ``""``; of them one person where
    ``user_id`` is given.
    """

    organisation_id: int
    role: str
    case_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    user_id: int | None = None
    job_id: int | None = None


def tell(kind: str, tellings: Iterable[Telling], *, at: datetime | None = None) -> int:
    """Tell everybody who holds the posts today, in one statement; return how many notices that made.

    A job is told of once. A post that nobody holds is told nothing: what waits there stands in the inbox.
    """
    told = json.dumps([asdict(telling) for telling in tellings])
    given = {"kind": kind, "usual": KINDS[kind].how.value, "at": at, "tellings": told}
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(posts=holders("user_id", "organisation_id", "role")), given)
        return cursor.rowcount
