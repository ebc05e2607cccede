"""Ten thousand lines of the bank matched with their assessments, against one bare join that writes the same rows."""

from django.db import connection

from apps.audit.streams import now
from apps.fees import matching
from apps.policies import rules
from apps.treasury.models import SpecialAccount

from . import city, sets
from .figures import Figures, middle, ratio, spent

ROUNDS = 5
LINES = 10_000

FEES = """
WITH fees AS (
    INSERT INTO fees_feeassessment (stage, stage_since, row_seq, reference, case_id, government_id, finance_id,
                                    payer_id, payer_basis, standard_id, heads, amount_fen, exempted_fen, assessed_at,
                                    claim_number)
    SELECT 'issued', now(), 1, batch.number || '-1', batch.id, %(finance)s, %(finance)s, batch.applicant_id,
           'ENTERPRISE', %(standard)s, 1, 100000 + row_number() OVER (ORDER BY batch.id), 0, now(), ''
    FROM cases_case AS batch WHERE batch.id = ANY(%(cases)s)
    RETURNING id, reference, payer_id, amount_fen),
file AS (
    INSERT INTO treasury_statement (account_id, file_name, digest, sealed, imported_by_id, imported_at)
    SELECT %(account)s, 'bench.csv', '', '', (SELECT min(id) FROM organisations_user), now() RETURNING id)
-- Nine of ten say the code in their note, the rest only who paid what.
INSERT INTO treasury_statementline (statement_id, account_id, serial, "on", fen, payer, payer_account, note)
SELECT file.id, %(account)s, 'B' || fees.id, current_date, fees.amount_fen, body.name, '',
       CASE WHEN fees.id %% 10 = 0 THEN '转账' ELSE '缴款码' || fees.reference || '，退管费' END
FROM file, fees JOIN organisations_organisation AS body ON body.id = fees.payer_id
"""
BARE = """
INSERT INTO fees_match (line_id, assessment_id, by)
SELECT line.id, fee.id, 'REFERENCE'
FROM treasury_statementline AS line
JOIN fees_feeassessment AS fee ON fee.amount_fen = line.fen AND fee.finance_id = %(finance)s
WHERE line.account_id = %(account)s
"""


def measure(found: Figures) -> None:
    """Take turns on the same lines; each turn is taken back, after its constraints were checked."""
    account = SpecialAccount.objects.get(finance__key="445202-FIN")
    terms = {
        "account": account.pk,
        "finance": account.finance_id,
        "standard": rules.value("fee.standard", on=now()).id,
        "cases": city.cases(LINES, "clearing", authorities=[city.office(city.COUNTY).pk]),
    }
    with connection.cursor() as cursor:
        cursor.execute(FEES, terms)
        city.tidy()

        def matched() -> None:
            done = matching.match(account)
            if done.by_reference + done.by_payer != LINES:
                raise AssertionError(done)

        def joined() -> None:
            cursor.execute(BARE, terms)
            if cursor.rowcount != LINES:
                raise AssertionError(cursor.rowcount)

        matches, joins = [], []
        for turn in range(ROUNDS):
            for act, rounds in ((matched, matches), (joined, joins))[:: 1 if turn % 2 else -1]:
                rounds.append(spent(lambda act=act: sets.taken_back(act)))
    note = f"{LINES} lines: matched {middle(matches).wall:.2f} s, one bare join {middle(joins).wall:.2f} s"
    found.add("match_vs_sql", ratio(matches, joins), at_most=10, note=note)
    found.add("match_10k", middle(matches).wall, unit="s", at_most=15)
