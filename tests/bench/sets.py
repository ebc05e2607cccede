"""A hundred thousand people received (接收) in one act, against SQL written by hand that writes the same rows."""

import resource

from django.db import connection, transaction

from apps.audit.streams import now
from apps.cases.models import Case
from apps.engine import participants
from apps.engine.door import perform_all
from apps.fees.models import FeeAssessment
from apps.policies import rules
from workflows.transfer_items import TransferItem

from . import city
from .figures import Figures, middle, ratio, spent, statements

ROUNDS = 3

CHARGES = """
INSERT INTO fees_charge (assessment_id, item_id, retiree_id, amount_fen, void)
SELECT %s, id, retiree_id, 150000, false FROM cases_caseitem WHERE case_id = %s
"""
# What the act does, as its own statements would be written by hand; %(at)s is the moment it locked.
BY_HAND = (
    "SELECT 1 FROM cases_case WHERE id = %(case)s FOR NO KEY UPDATE",
    """
    INSERT INTO audit_event (stream, stream_id, seq, act, cause, machine, move, source, target, person_id, post_id,
                             organisation_id, role, actor, reason_code, reason, basis, given, evidence, rules,
                             due_at, recorded_at, demo, items_count, items_digest, prev_hash, hash)
    SELECT 'case', %(case)s, stream_seq + 1, gen_random_uuid(), '', 'transferitem', 'receive', 'cleared', 'received',
           %(person)s, %(post)s, %(street)s, 'STREET_HEAD', '{}', '', '', '', '{}', '[]', '[]',
           moved.due_at, %(at)s, false, moved.heads, moved.digest, stream_head,
           encode(sha256(moved.digest::bytea), 'hex')
    FROM cases_case, (
        SELECT count(*) AS heads, min(due_at) AS due_at, encode(sha256(convert_to(
            string_agg(id || ',' || row_seq + 1 || ',cleared' || chr(10), '' ORDER BY id), 'UTF8')), 'hex') AS digest
        FROM cases_caseitem WHERE case_id = %(case)s AND organisation_id = %(street)s AND stage = 'cleared') AS moved
    WHERE id = %(case)s
    """,
    """
    WITH moved AS (
        UPDATE cases_caseitem SET stage = 'received', stage_since = %(at)s, due_at = %(at)s + interval '7 days',
                                  row_seq = row_seq + 1, open = false
        WHERE case_id = %(case)s AND organisation_id = %(street)s AND stage = 'cleared' RETURNING id, row_seq)
    INSERT INTO audit_eventitem (event_id, row_id, row_seq, source)
    SELECT (SELECT max(id) FROM audit_event WHERE stream = 'case' AND stream_id = %(case)s), id, row_seq, 'cleared'
    FROM moved
    """,
    """
    UPDATE retirees_managementinterval SET period = tstzrange(lower(period), %(at)s)
    FROM cases_caseitem AS item
    WHERE item.case_id = %(case)s AND item.organisation_id = %(street)s AND item.stage = 'received'
      AND retirees_managementinterval.retiree_id = item.retiree_id AND upper_inf(period)
    """,
    """
    INSERT INTO retirees_managementinterval (retiree_id, manager_id, station_id, period)
    SELECT retiree_id, organisation_id, station_id, tstzrange(%(at)s, NULL) FROM cases_caseitem
    WHERE case_id = %(case)s AND organisation_id = %(street)s AND stage = 'received'
    """,
    """
    INSERT INTO cases_participant (case_id, organisation_id, open, due_at)
    SELECT %(case)s, above, bool_or(above = organisation_id), min(due_at) FILTER (WHERE above = organisation_id)
    FROM (SELECT organisation_id, min(due_at) AS due_at FROM cases_caseitem
          WHERE case_id = %(case)s AND stage IN ('cleared', 'received') GROUP BY 1) AS waits
    JOIN organisations_organisation AS office ON office.id = organisation_id, unnest(office.lineage) AS above
    GROUP BY above
    ON CONFLICT (case_id, organisation_id) DO UPDATE SET open = excluded.open, due_at = excluded.due_at
    """,
    """
    UPDATE cases_case SET stream_seq = stream_seq + 1, stream_head = event.hash FROM audit_event AS event
    WHERE cases_case.id = %(case)s AND event.stream = 'case' AND event.stream_id = %(case)s
      AND event.seq = cases_case.stream_seq + 1
    """,
)


def measure(found: Figures, *, people: int) -> None:
    """Take turns on the same rows; each turn is taken back, after its constraints were checked."""
    case, street = _people_to_receive(people)
    head = city.holder("STREET_HEAD", city.STREET)
    mine = TransferItem.objects.filter(case=case, organisation=street)

    def by_the_door() -> None:
        outcome = perform_all(mine, "receive", by=head)
        if outcome.moved != people:
            raise AssertionError({sentence: len(rows) for sentence, rows in outcome.stayed.items()})

    def by_hand() -> None:
        terms = {"case": case, "street": street, "person": head.user.pk, "post": head.post.pk, "at": now()}
        with connection.cursor() as cursor:
            for statement in BY_HAND:
                cursor.execute(statement, terms)

    doors, hands, sent = [], [], []
    for turn in range(ROUNDS):
        for act, rounds in ((by_the_door, doors), (by_hand, hands))[:: 1 if turn % 2 else -1]:
            with statements() as said:
                rounds.append(spent(lambda act=act: taken_back(act)))
            if act is by_the_door:
                sent = said
            city.tidy()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = (f"{people} received: door {middle(doors).wall:.1f} s ({middle(doors).cpu:.1f} s of its own), by hand "
            f"{middle(hands).wall:.1f} s; {len(sent) - 3} statements; peak {peak:.0f} MB")  # fmt: skip
    found.add("set_vs_sql", ratio(hands, doors), at_least=0.5, note=note)


def taken_back(act) -> None:
    """Do something as far as a commit would check it, and take it back."""
    with transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit would check
        transaction.set_rollback(True)


def _people_to_receive(people: int) -> tuple[int, int]:
    """One batch at its handover: everybody lives in one street but one, so that the batch is not done."""
    street, other = city.office(city.STREET).pk, city.office("445202002-RMO").pk
    authority = city.office(city.COUNTY).pk
    (case,) = city.cases(1, "handing_over", authorities=[authority])
    who = city.people(people + 1, Case.objects.get(pk=case).enterprise_id)
    city.items([case], who[:people], stage="cleared", where=[street])
    city.items([case], who[people:], stage="cleared", where=[other])
    standard = rules.value("fee.standard", on=now())
    assessment = FeeAssessment(
        case_id=case, government_id=authority, standard_id=standard.id, heads=people + 1, amount_fen=1,
        assessed_at=now(), reference="BENCH-1", finance_id=authority, payer_id=authority,
    )  # fmt: skip
    vars(assessment)["stage"] = "paid"
    assessment.save()
    with connection.cursor() as cursor:
        cursor.execute(CHARGES, [assessment.pk, case])
    participants.refresh([case])
    city.tidy()
    return case, street
