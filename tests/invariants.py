"""The invariants of a transfer, asked of the tables in plain SQL: each query finds what breaks one of them.

Nothing here uses the engine, so that the engine cannot be wrong in the same way.
"""

from django.db import connection

BROKEN = {
    "INV-01 one manager at any time": """
        SELECT one.retiree_id FROM retirees_managementinterval AS one
        JOIN retirees_managementinterval AS other ON other.retiree_id = one.retiree_id AND other.id > one.id
        WHERE one.period && other.period AND one.retiree_id IN ({people})""",
    "INV-02 no gap from the reception on": """
        SELECT item.retiree_id FROM cases_caseitem AS item
        JOIN retirees_retiree AS person ON person.id = item.retiree_id
        WHERE item.stage IN ('received', 'enrolled', 'settled') AND person.died_on IS NULL AND {of_case}
          AND NOT EXISTS (SELECT FROM retirees_managementinterval AS open
                          WHERE open.retiree_id = item.retiree_id AND upper_inf(open.period))
        UNION ALL
        SELECT retiree_id FROM (
            SELECT retiree_id, lower(period) AS begins,
                   lag(upper(period)) OVER (PARTITION BY retiree_id ORDER BY lower(period)) AS ended
            FROM retirees_managementinterval WHERE retiree_id IN ({people})) AS following
        WHERE ended <> begins""",
    "INV-03 before the reception the enterprise, after it the street": """
        SELECT item.retiree_id FROM cases_caseitem AS item
        JOIN retirees_retiree AS person ON person.id = item.retiree_id AND person.died_on IS NULL
        JOIN cases_case AS batch ON batch.id = item.case_id
        LEFT JOIN retirees_managementinterval AS now ON now.retiree_id = item.retiree_id AND upper_inf(now.period)
        WHERE {of_case} AND now.manager_id IS DISTINCT FROM CASE
            WHEN item.stage IN ('received', 'enrolled', 'settled') THEN item.organisation_id
            WHEN item.stage IN ('invalid', 'removed') THEN now.manager_id
            ELSE batch.enterprise_id END
          AND NOT EXISTS (SELECT FROM cases_caseitem AS later
                          WHERE later.retiree_id = item.retiree_id AND later.id > item.id)""",
    "INV-04 the street of residence or hukou": """
        SELECT item.id FROM cases_caseitem AS item
        WHERE item.stage NOT IN ('listed', 'invalid', 'valid', 'mismatch', 'removed', 'ended_death', 'deferred')
          AND {of_case} AND item.organisation_id NOT IN (item.residence_id, item.hukou_id)""",
    "INV-05 the paying agency stays what it was": """
        SELECT person.id FROM retirees_retiree AS person
        WHERE person.si_agency NOT IN ('市社保局', '') AND person.id IN ({people}) AND %(agency)s""",
    "INV-06 one number, one person": """
        SELECT min(person.id) FROM retirees_retiree AS person JOIN retirees_identity AS identity
            ON identity.id = person.identity_id GROUP BY identity.digest HAVING count(*) > 1""",
    "INV-07 one open item": """
        SELECT retiree_id FROM cases_caseitem WHERE open GROUP BY retiree_id HAVING count(*) > 1""",
    "INV-08 a frozen list never changes": """
        SELECT list.id FROM transfers_frozenlist AS list
        LEFT JOIN transfers_frozenline AS line ON line.frozen_list_id = list.id
        WHERE (%(case)s IS NULL OR list.case_id = %(case)s)
        GROUP BY list.id HAVING count(line.id) <> list.heads OR list.digest <> encode(sha256(convert_to(
            string_agg(line.item_id || ' ' || line.street_id, chr(10) ORDER BY line.item_id), 'UTF8')), 'hex')""",
    "INV-09 the counts of a batch add up": """
        SELECT batch.id FROM cases_case AS batch
        CROSS JOIN LATERAL (
            SELECT count(*) AS listed,
                   count(*) FILTER (WHERE stage IN ('received', 'enrolled', 'settled')) AS received,
                   count(*) FILTER (WHERE stage = 'returned') AS returned,
                   count(*) FILTER (WHERE stage = 'deferred') AS deferred,
                   count(*) FILTER (WHERE stage = 'removed') AS removed,
                   count(*) FILTER (WHERE stage = 'ended_death') AS ended,
                   count(*) FILTER (WHERE stage IN ('listed', 'invalid', 'valid', 'mismatch', 'placed', 'disputed',
                                                    'arbitrating', 'confirmed', 'cleared')) AS open
            FROM cases_caseitem WHERE case_id = batch.id) AS counted
        CROSS JOIN LATERAL (
            SELECT count(*) AS entered
            FROM audit_event AS event JOIN audit_eventitem AS item ON item.event_id = event.id
            WHERE event.stream = 'case' AND event.stream_id = batch.id AND event.machine = 'transferitem'
              AND event.move = 'enter') AS trail
        WHERE (%(case)s IS NULL OR batch.id = %(case)s)
          AND (listed <> received + returned + deferred + removed + ended + open OR listed <> entered
               OR batch.stage = 'completed' AND open > 0)""",
    "INV-10 nobody is received while the fee is open": """
        SELECT item.id FROM cases_caseitem AS item
        WHERE item.stage IN ('cleared', 'received', 'enrolled', 'settled') AND {of_case} AND NOT EXISTS (
            SELECT FROM fees_charge AS charge JOIN fees_feeassessment AS fee ON fee.id = charge.assessment_id
            WHERE charge.item_id = item.id AND NOT charge.void
              AND (fee.stage IN ('paid', 'credited', 'reconciled', 'overpaid', 'refunded', 'exempted', 'no_charge')
                   OR EXISTS (SELECT FROM exemptions_exemptionrequest AS asked JOIN audit_event AS event
                              ON event.stream = 'case' AND event.stream_id = asked.case_id AND event.move = 'revoke'
                              WHERE asked.assessment_id = fee.id)))""",
    "INV-11 charged once in life": """
        SELECT retiree_id FROM fees_charge WHERE NOT void AND amount_fen > 0 GROUP BY retiree_id HAVING count(*) > 1""",
    "INV-12 what was paid, credited and paid back is in the books, to the 分": """
        SELECT fee.case_id FROM fees_feeassessment AS fee
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(fen), 0) AS paid, coalesce(sum(fen) FILTER (WHERE credit.id IS NOT NULL), 0) AS credited
            FROM fees_payment AS payment LEFT JOIN fees_credit AS credit ON credit.payment_id = payment.id
            JOIN fees_feeassessment AS its ON its.id = payment.assessment_id WHERE its.case_id = fee.case_id) AS came
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(fen), 0) AS refunded FROM fees_feerefund
            WHERE case_id = fee.case_id AND stage = 'paid') AS went
        CROSS JOIN LATERAL (
            SELECT coalesce(-sum(fen) FILTER (WHERE ledger = 'FEES'), 0) AS fees,
                   coalesce(sum(fen) FILTER (WHERE ledger = 'TRANSIT'), 0) AS transit,
                   coalesce(sum(fen) FILTER (WHERE ledger = 'BANK'), 0) AS bank,
                   coalesce(sum(fen) FILTER (WHERE ledger = 'REFUNDS'), 0) AS refunds
            FROM treasury_posting AS posting JOIN treasury_entry AS entry ON entry.id = posting.entry_id
            WHERE entry.case_id = fee.case_id) AS booked
        WHERE (%(case)s IS NULL OR fee.case_id = %(case)s)
          AND (fees <> paid OR transit <> paid - credited OR bank <> credited - refunded OR refunds <> refunded)""",
    "INV-13 nothing is exempted beyond what was assessed": """
        SELECT id FROM fees_feeassessment
        WHERE (%(case)s IS NULL OR case_id = %(case)s) AND exempted_fen NOT BETWEEN 0 AND amount_fen""",
    "INV-14 nobody gets back more than was paid": """
        SELECT fee.id FROM fees_feeassessment AS fee
        WHERE (%(case)s IS NULL OR fee.case_id = %(case)s)
          AND (SELECT coalesce(sum(fen), 0) FROM fees_feerefund WHERE assessment_id = fee.id AND stage = 'paid')
            > (SELECT coalesce(sum(fen), 0) FROM fees_payment WHERE assessment_id = fee.id)""",
    "INV-16 what streets are given out of the account is booked with its purpose; a start-up grant never": """
        SELECT matter.case_id FROM allocations_allocation AS matter JOIN cases_case AS its ON its.id = matter.case_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(fen), 0) AS shared FROM allocations_share
            WHERE case_id = matter.case_id AND counts) AS given
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(fen), 0) AS booked, bool_or(posting.purpose <> matter.purpose) AS other
            FROM treasury_posting AS posting JOIN treasury_entry AS entry ON entry.id = posting.entry_id
            WHERE entry.case_id = matter.case_id AND posting.ledger = 'ALLOCATIONS') AS book
        WHERE (%(case)s IS NULL OR matter.case_id = %(case)s)
          AND (other OR booked <> CASE WHEN matter.kind = 'YEARLY' AND its.stage IN ('paid', 'closed')
                                       THEN shared ELSE 0 END)""",
    "INV-17 nothing is exempted but by a government's decision, and no more than it says": """
        SELECT fee.id FROM fees_feeassessment AS fee
        WHERE (%(case)s IS NULL OR fee.case_id = %(case)s) AND (fee.exempted_fen > 0 OR fee.stage = 'exempted')
          AND NOT EXISTS (SELECT FROM exemptions_exemptionrequest AS asked
                          WHERE asked.assessment_id = fee.id AND asked.decision_number <> ''
                            AND asked.granted_fen >= fee.exempted_fen AND asked.decided_by_id IS NOT NULL)""",
    "INV-18 a fee waits for assets or for an exemption, never for both, and only while one is considered": """
        SELECT fee.id FROM fees_feeassessment AS fee
        WHERE (%(case)s IS NULL OR fee.case_id = %(case)s) AND (fee.stage = 'exemption_pending') <> EXISTS (
            SELECT FROM exemptions_exemptionrequest AS asked JOIN cases_case AS its ON its.id = asked.case_id
            WHERE asked.assessment_id = fee.id AND its.stage IN (
                'accepted', 'investigating', 'publicised', 'labour_opinion', 'finance_opinion', 'owner_opinion',
                'gov_review', 'reconsidering'))
           OR fee.stage = 'asset_pending' AND fee.exempted_fen = fee.amount_fen""",
    "INV-33 every change has its number, its moment and, of a person, its post": """
        SELECT event.stream_id FROM audit_event AS event
        WHERE event.stream = 'case' AND (%(case)s IS NULL OR event.stream_id = %(case)s)
        GROUP BY event.stream_id
        HAVING max(event.seq) <> count(*) OR bool_or(event.recorded_at IS NULL)
            OR bool_or(event.person_id IS NOT NULL AND event.post_id IS NULL)""",
    "INV-34 whoever acted takes part in the case": """
        SELECT event.id FROM audit_event AS event
        WHERE event.stream = 'case' AND (%(case)s IS NULL OR event.stream_id = %(case)s)
          AND event.organisation_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM cases_participant AS part
            WHERE part.case_id = event.stream_id AND part.organisation_id = event.organisation_id)""",
    "INV-35 the duties of one case are kept apart": """
        SELECT one.stream_id FROM audit_event AS one JOIN audit_event AS other USING (stream, stream_id, person_id)
        WHERE stream = 'case' AND (%(case)s IS NULL OR stream_id = %(case)s)
          AND (one.role <> other.role OR (one.move, other.move) IN (
                ('prepare', 'submit'), ('prepare', 'resubmit'), ('accept', 'fix'), ('accept', 'hand_over'),
                ('fix', 'hand_over'), ('apply', 'submit'), ('accept', 'report'), ('report', 'send_up'),
                ('send_up', 'approve'), ('report', 'approve'), ('approve', 'change'), ('reject', 'change'),
                ('assess', 'review'), ('assess', 'issue'), ('review', 'issue'), ('take', 'reconcile'),
                ('take_part', 'reconcile'), ('credit', 'reconcile'), ('verify', 'approve'), ('verify', 'pay'),
                ('approve', 'pay'), ('calculate', 'review'), ('submit', 'review'), ('review', 'approve')))""",
}
OF_CASE = "(%(case)s IS NULL OR item.case_id = %(case)s)"
PEOPLE = f"SELECT item.retiree_id FROM cases_caseitem AS item WHERE {OF_CASE}"  # noqa: S608 - our own words


def broken(case=None, *, agency: bool = True) -> dict[str, list]:
    """Return the invariants that do not hold, with the rows that break them; of one case, or of everything."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in BROKEN.items():
            cursor.execute(
                sql.format(people=PEOPLE, of_case=OF_CASE),
                {"case": case.pk if case else None, "agency": agency},
            )
            if rows := cursor.fetchall():
                found[name] = [row[0] for row in rows]
    return found


def invariants_hold(case=None) -> None:
    """Assert them all, after any act."""
    assert broken(case) == {}
