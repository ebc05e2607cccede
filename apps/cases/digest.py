"""The mail of the day: what waits for a person's offices, straight from who takes part in what, and what was told."""

from django.conf import settings
from django.db import connection, transaction

from apps.notices.holders import holders
from apps.notices.kinds import KINDS
from apps.notices.sending import send

NAMED = 10
"""So many cases are named, those nearest to their deadline; the rest is counted."""

MAKE = """
WITH post (id, user_id, organisation_id, role) AS ({posts}),
kind (code, how) AS (SELECT * FROM unnest(%(kinds)s::text[], %(usual)s::text[])),
person AS (
    SELECT id FROM organisations_user AS person
    WHERE email <> '' AND EXISTS (
        SELECT FROM kind LEFT JOIN notices_preference AS said ON said.kind = kind.code AND said.user_id = person.id
        WHERE COALESCE(said.how, kind.how) = 'daily')),
waiting AS (
    SELECT post.user_id, seat.case_id, min(seat.due_at) AS due_at
    FROM post JOIN cases_participant AS seat
      ON seat.organisation_id = post.organisation_id AND seat.open AND post.role = ANY(seat.roles)
    GROUP BY 1, 2),
counted AS (
    SELECT user_id, count(*) AS count, count(*) FILTER (WHERE due_at < tuiguan_now()) AS late
    FROM waiting GROUP BY 1),
named AS (
    SELECT user_id, jsonb_agg(jsonb_build_object('number', number, 'due', due_at) ORDER BY place) AS first
    FROM (SELECT waiting.user_id, cases_case.number, waiting.due_at,
                 row_number() OVER (PARTITION BY waiting.user_id ORDER BY waiting.due_at, waiting.case_id) AS place
          FROM waiting JOIN cases_case ON cases_case.id = waiting.case_id) AS placed
    WHERE place <= %(named)s GROUP BY 1),
unread AS (
    SELECT notice.user_id, jsonb_agg(notice.id) AS notices
    FROM notices_notice AS notice
    JOIN post USING (user_id, organisation_id, role)
    JOIN kind ON kind.code = notice.kind
    LEFT JOIN notices_preference AS said ON said.kind = notice.kind AND said.user_id = notice.user_id
    WHERE notice.read_at IS NULL AND notice.kind <> 'arrived' AND COALESCE(said.how, kind.how) = 'daily'
    GROUP BY 1)
INSERT INTO notices_delivery (id, user_id, kind, channel, facts, day, made_at, tries, cause)
SELECT gen_random_uuid(), person.id, 'digest', 'mail',
       jsonb_build_object(
           'posts', (SELECT jsonb_agg(post.id) FROM post WHERE post.user_id = person.id),
           'notices', COALESCE(unread.notices, '[]')
       ) || CASE WHEN counted.count IS NULL THEN '{{}}' ELSE jsonb_build_object(
           'waiting', jsonb_build_object('count', counted.count, 'late', counted.late, 'first', named.first)) END,
       (tuiguan_now() AT TIME ZONE %(zone)s)::date, tuiguan_now(), 0, ''
FROM person LEFT JOIN counted ON counted.user_id = person.id LEFT JOIN named ON named.user_id = person.id
LEFT JOIN unread ON unread.user_id = person.id
WHERE counted.count > 0 OR unread.notices IS NOT NULL
ON CONFLICT (user_id, day) DO NOTHING
RETURNING id
"""


def make_digests() -> None:
    """Make today's mail for everybody who wants one and has something to hear, once a day, in one statement."""
    given = {
        "kinds": list(KINDS),
        "usual": [kind.how.value for kind in KINDS.values()],
        "named": NAMED,
        "zone": settings.TIME_ZONE,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MAKE.format(posts=holders("id", "user_id", "organisation_id", "role")), given)
        send([pk for (pk,) in cursor.fetchall()])
