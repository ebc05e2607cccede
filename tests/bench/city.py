"""The bench's city: the demo town with enterprises up to 500 bodies, and cases and people made by SQL in sets."""

import os
from datetime import date

import psycopg2
from django.conf import settings
from django.db import connection
from viewflow.workflow.fields import get_flow_ref, get_task_ref

from apps.cases.models import Case
from apps.demo import town
from apps.engine import participants
from apps.organisations import offices
from apps.organisations.acting import Acting
from apps.organisations.models import Enterprise, Organisation, Post
from project.running.places import database_url
from workflows.transfer import TransferBatch

BODIES = 500
CITY, COUNTY, STREET = "445200-RMO", "445202-RMO", "445202001-RMO"

PEOPLE = """
WITH made AS (
    INSERT INTO retirees_identity (id, sealed, digest, tail_digest, sex, birth_date)
    SELECT gen_random_uuid(), '\\x0101', encode(sha256(gen_random_uuid()::text::bytea), 'hex'),
           encode(sha256((n %% 10000)::text::bytea), 'hex'), 'M', '1950-01-01'
    FROM generate_series(1, %(count)s) AS n RETURNING id),
enlisted AS (
    INSERT INTO retirees_retiree (name, name_pinyin, si_agency, party_member, facts, created_at, enterprise_id,
                                  identity_id)
    SELECT '陈示例', 'chen shi li csl', '', '', '{}', now(), %(enterprise)s, id FROM made RETURNING id),
managed AS (
    INSERT INTO retirees_managementinterval (retiree_id, manager_id, period)
    SELECT id, %(enterprise)s, tstzrange(now() - interval '1 year', NULL) FROM enlisted)
SELECT id FROM enlisted ORDER BY id
"""
CASES = """
WITH company AS (
    SELECT row_number() OVER (ORDER BY organisation_id) - 1 AS place, count(*) OVER () AS companies,
           organisation_id, authority_id
    FROM organisations_enterprise WHERE authority_id = ANY(%(authorities)s) AND exited_on IS NULL),
made AS (
    INSERT INTO cases_case (flow_class, status, created, stream_seq, stream_head, stage, stage_since, due_at, row_seq,
                            number, process, opened_on, applicant_id, authority_id, enterprise_id)
    SELECT %(flow)s, 'STARTED', now(), 1, encode(sha256(%(stage)s::bytea), 'hex'), %(stage)s, now(),
           date_trunc('day', now()) + (n %% 30 - 5) * interval '1 day', 1,
           'B' || nextval('cases_case_number'), 'transferbatch', current_date,
           organisation_id, authority_id, organisation_id
    FROM generate_series(0, %(count)s - 1) AS n JOIN company ON place = n %% companies
    RETURNING id, applicant_id),
told AS (
    INSERT INTO audit_event (stream, stream_id, seq, act, cause, machine, move, source, target, person_id, post_id,
                             organisation_id, role, actor, reason_code, reason, basis, given, evidence, rules,
                             recorded_at, demo, items_count, items_digest, prev_hash, hash)
    SELECT 'case', id, 1, gen_random_uuid(), '', 'transferbatch', 'submit', '', %(stage)s, -1, -1, applicant_id,
           'ENT_HEAD', '{}', '', '', '', '{}', '[]', '[]', now(), false, 0, '', '',
           encode(sha256(%(stage)s::bytea), 'hex')
    FROM made),
waiting AS (
    INSERT INTO cases_task (process_id, flow_task, flow_task_type, status, token, created)
    SELECT id, %(node)s, 'HUMAN', 'NEW', 'start', now() FROM made)
SELECT id FROM made ORDER BY id
"""
ITEMS = """
INSERT INTO cases_caseitem (case_id, retiree_id, stage, stage_since, due_at, row_seq, open, placement, faults, note,
                            organisation_id, residence_id, hukou_id)
SELECT cases.id, person.id, %(stage)s, now(), date_trunc('day', now()) + (person.place %% 30 - 5) * interval '1 day', 1,
       true, 'RESIDENCE', '[]', '', street.id, street.id, street.id
FROM unnest(%(people)s::bigint[]) WITH ORDINALITY AS person (id, place)
JOIN unnest(%(cases)s::bigint[]) WITH ORDINALITY AS cases (id, place)
  ON cases.place = 1 + (person.place - 1) %% cardinality(%(cases)s::bigint[])
JOIN unnest(%(streets)s::bigint[]) WITH ORDINALITY AS street (id, place)
  ON street.place = 1 + (person.place - 1) %% cardinality(%(streets)s::bigint[])
"""


def refuse_a_used_database() -> None:
    """The bench fills its database with a hundred thousand cases: never one that somebody works in."""
    if Case.objects.exists():
        raise SystemExit("This database holds cases: the bench needs an empty one of its own.")


def build() -> None:
    """The demo town and as many further enterprises as make 500 bodies."""
    town.build()
    authorities = list(Organisation.objects.filter(kind="RMO").order_by("key"))
    missing = BODIES - Organisation.objects.count()
    founded = offices.found(
        [
            Organisation(key=f"BENCH-{n:03}", kind="ENTERPRISE", level="UNIT", name=f"第{n:03}厂（示例）",
                         short_name=f"第{n:03}厂", active_from=date(2005, 8, 1))
            for n in range(missing)
        ],
        by=None,
    )  # fmt: skip
    Enterprise.objects.bulk_create(
        Enterprise(organisation=body, affiliation="COUNTY", status="ACTIVE", liaison_name="陈示例",
                   liaison_phone="0663-0000000", authority=authorities[n % len(authorities)])
        for n, body in enumerate(founded)
    )  # fmt: skip


def office(key: str) -> Organisation:
    return town.office(key)


def holder(role: str, key: str) -> Acting:
    """Who holds a role at the body with this key."""
    posts = Post.objects.held().filter(role=role, organisation__key=key)
    return Acting.of(posts.select_related("user", "organisation__acts_for")[:1].get())


def streets() -> list[int]:
    return list(Organisation.objects.filter(kind="STREET_RMO").order_by("pk").values_list("pk", flat=True))


def people(count: int, enterprise: int) -> list[int]:
    """Make so many retirees whom their enterprise manages, and return their numbers."""
    return _column(PEOPLE, {"count": count, "enterprise": enterprise})


def cases(
    count: int,
    stage: str,
    *,
    authorities: list[int],
    each: int = 0,
    item: str = "valid",
    where: list[int] = (),
):
    """Make so many batches at a stage, each with its open task, one event, its people and its participants."""
    flow = TransferBatch.flow
    found = _column(CASES, {
        "count": count, "stage": stage, "authorities": authorities, "flow": get_flow_ref(flow),
        "node": get_task_ref(flow.instance.node(stage)),
    })  # fmt: skip
    if each:
        enterprise = Case.objects.get(pk=found[0]).enterprise_id
        items(found, people(count * each, enterprise), stage=item, where=where or streets())
    for start in range(0, count, 5000):
        participants.refresh(found[start : start + 5000])
    return found


def items(of: list[int], who: list[int], *, stage: str, where: list[int]) -> None:
    """Put people into batches by turns, to live in these streets by turns."""
    with connection.cursor() as cursor:
        cursor.execute(ITEMS, {"cases": of, "people": who, "stage": stage, "streets": where})


def tidy() -> None:
    """Let the server look at what there is now, as its own housekeeping would in time."""
    url = os.environ.get("DATABASE_OWNER_URL") or database_url(settings.TUIGUAN_DATA, "tuiguan_owner")
    owner = psycopg2.connect(url)
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    owner.close()


def _column(sql: str, terms: dict) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, terms)
        return [pk for (pk,) in cursor.fetchall()]
