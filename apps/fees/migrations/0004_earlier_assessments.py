"""What was assessed by the short fee track gets its payer, its finance department and its place in the full one."""

from django.db import migrations

FILL = """
UPDATE fees_feeassessment AS fee
SET reference = 'F' || fee.id, payer_id = batch.applicant_id,
    finance_id = coalesce(
        (SELECT body.id FROM organisations_organisation AS body
         WHERE body.kind = 'FINANCE_DEPT' AND body.parent_id = fee.government_id ORDER BY body.id LIMIT 1),
        (SELECT body.id FROM organisations_organisation AS body WHERE body.kind = 'FINANCE_DEPT'
         ORDER BY body.id LIMIT 1)),
    exempted_fen = CASE fee.stage WHEN 'exempted' THEN fee.amount_fen ELSE 0 END,
    stage = CASE fee.stage WHEN 'assessed' THEN 'awaiting' WHEN 'notified' THEN 'issued'
                           WHEN 'paid' THEN 'reconciled' WHEN 'voided' THEN 'cancelled' ELSE fee.stage END
FROM cases_case AS batch WHERE batch.id = fee.case_id
"""


class Migration(migrations.Migration):
    dependencies = [("fees", "0003_full_collection")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
