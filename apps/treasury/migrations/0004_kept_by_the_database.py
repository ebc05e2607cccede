"""What the database itself keeps, whoever writes: entries balance, months stay locked, nothing is overdrawn.

Every check locks the account first, so that of two who book or lock at once the later sees what the earlier did.
The triggers fire ALWAYS: otherwise session_replication_role = replica would skip them.
"""

from django.db import migrations

CHECKS = """
CREATE FUNCTION treasury_government(body bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT id, kind, parent_id, 1 AS step FROM organisations_organisation WHERE id = body
        UNION ALL
        SELECT above.id, above.kind, above.parent_id, step + 1
        FROM up JOIN organisations_organisation AS above ON above.id = up.parent_id
        WHERE up.kind NOT IN ('CITY_GOV', 'COUNTY_GOV', 'MGMT_COMMITTEE') AND step < 20)
    SELECT id FROM up WHERE kind IN ('CITY_GOV', 'COUNTY_GOV', 'MGMT_COMMITTEE') LIMIT 1
$$;

CREATE FUNCTION treasury_entry_may_be() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit record;
BEGIN
    PERFORM 1 FROM treasury_specialaccount WHERE id IN (SELECT account_id FROM added)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT to_char(month.month, 'YYYY-MM') AS month INTO culprit
    FROM treasury_reconciliation AS month
    JOIN (SELECT account_id, min("on") AS first FROM added GROUP BY account_id) AS booked USING (account_id)
    WHERE month.reviewed_at IS NOT NULL AND month.agreed_at IS NOT NULL
      AND booked.first < month.month + interval '1 month'
    ORDER BY month.month DESC LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry in a locked month' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'treasury_locked_month', DETAIL = culprit.month;
    END IF;
    SELECT batch.number INTO culprit
    FROM (SELECT DISTINCT account_id, case_id FROM added WHERE case_id IS NOT NULL) AS booked
    JOIN treasury_specialaccount AS account ON account.id = booked.account_id
    JOIN cases_case AS batch ON batch.id = booked.case_id
    WHERE treasury_government(batch.authority_id) IS DISTINCT FROM treasury_government(account.finance_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'money of another level' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'treasury_own_level', DETAIL = culprit.number;
    END IF;
    SELECT entry.id INTO culprit
    FROM added AS entry JOIN treasury_entry AS wrong ON wrong.id = entry.corrects_id
    WHERE wrong.account_id <> entry.account_id OR wrong."on" > entry."on" LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a correction of the same account, not before what it corrects'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'treasury_correction';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER treasury_entry_may_be AFTER INSERT ON treasury_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION treasury_entry_may_be();
ALTER TABLE treasury_entry ENABLE ALWAYS TRIGGER treasury_entry_may_be;

CREATE FUNCTION treasury_posting_may_be() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit record;
BEGIN
    SELECT to_char(month.month, 'YYYY-MM') AS month INTO culprit
    FROM added JOIN treasury_entry AS entry ON entry.id = added.entry_id
    JOIN treasury_reconciliation AS month ON month.account_id = entry.account_id
    WHERE month.reviewed_at IS NOT NULL AND month.agreed_at IS NOT NULL
      AND entry."on" < month.month + interval '1 month'
    ORDER BY month.month DESC LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'posting in a locked month' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'treasury_locked_month', DETAIL = culprit.month;
    END IF;
    -- Money that comes in overdraws nothing, on no day.
    IF NOT EXISTS (SELECT FROM added WHERE ledger = 'BANK' AND fen < 0) THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM treasury_specialaccount WHERE id IN (
        SELECT account_id FROM added JOIN treasury_entry AS entry ON entry.id = added.entry_id
        WHERE ledger = 'BANK' AND fen < 0) ORDER BY id FOR NO KEY UPDATE;
    SELECT to_char(day, 'YYYY-MM-DD') AS day, running INTO culprit
    FROM (
        SELECT entry.account_id, entry."on" AS day,
               sum(sum(posting.fen)) OVER (PARTITION BY entry.account_id ORDER BY entry."on") AS running
        FROM treasury_posting AS posting JOIN treasury_entry AS entry ON entry.id = posting.entry_id
        WHERE posting.ledger = 'BANK' AND entry.account_id IN (
            SELECT account_id FROM added JOIN treasury_entry AS paid ON paid.id = added.entry_id
            WHERE ledger = 'BANK' AND fen < 0)
        GROUP BY entry.account_id, entry."on") AS days
    WHERE running < 0 ORDER BY day LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'over the balance' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'treasury_over_balance', DETAIL = culprit.day || ' ' || -culprit.running;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER treasury_posting_may_be AFTER INSERT ON treasury_posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION treasury_posting_may_be();
ALTER TABLE treasury_posting ENABLE ALWAYS TRIGGER treasury_posting_may_be;

CREATE FUNCTION treasury_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked bigint := CASE TG_TABLE_NAME WHEN 'treasury_entry' THEN (to_jsonb(NEW) ->> 'id')::bigint
                                        ELSE (to_jsonb(NEW) ->> 'entry_id')::bigint END;
BEGIN
    IF (SELECT coalesce(sum(fen), 1) FROM treasury_posting WHERE entry_id = booked) <> 0 THEN
        RAISE EXCEPTION 'the postings of entry % do not add up to nothing', booked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'treasury_entry_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER treasury_entry_balances AFTER INSERT ON treasury_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION treasury_entry_balances();
CREATE CONSTRAINT TRIGGER treasury_posting_balances AFTER INSERT ON treasury_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION treasury_entry_balances();
ALTER TABLE treasury_entry ENABLE ALWAYS TRIGGER treasury_entry_balances;
ALTER TABLE treasury_posting ENABLE ALWAYS TRIGGER treasury_posting_balances;

CREATE FUNCTION treasury_month_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    month record;
BEGIN
    IF TG_TABLE_NAME = 'treasury_difference' THEN
        SELECT * INTO month FROM treasury_reconciliation
        WHERE id = (to_jsonb(CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END) ->> 'reconciliation_id')::bigint
        FOR SHARE;
    ELSE
        month := OLD;
    END IF;
    IF month.reviewed_at IS NOT NULL AND month.agreed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a locked month never changes' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'treasury_month_kept';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER treasury_month_kept BEFORE UPDATE OR DELETE ON treasury_reconciliation
    FOR EACH ROW EXECUTE FUNCTION treasury_month_kept();
CREATE TRIGGER treasury_difference_kept BEFORE INSERT OR UPDATE OR DELETE ON treasury_difference
    FOR EACH ROW EXECUTE FUNCTION treasury_month_kept();
ALTER TABLE treasury_reconciliation ENABLE ALWAYS TRIGGER treasury_month_kept;
ALTER TABLE treasury_difference ENABLE ALWAYS TRIGGER treasury_difference_kept;
"""
UNDO = """
DROP TRIGGER treasury_difference_kept ON treasury_difference;
DROP TRIGGER treasury_month_kept ON treasury_reconciliation;
DROP FUNCTION treasury_month_kept;
DROP TRIGGER treasury_posting_balances ON treasury_posting;
DROP TRIGGER treasury_entry_balances ON treasury_entry;
DROP FUNCTION treasury_entry_balances;
DROP TRIGGER treasury_posting_may_be ON treasury_posting;
DROP FUNCTION treasury_posting_may_be;
DROP TRIGGER treasury_entry_may_be ON treasury_entry;
DROP FUNCTION treasury_entry_may_be;
DROP FUNCTION treasury_government;
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0003_months_and_columns")]
    operations = [migrations.RunSQL(CHECKS, UNDO)]
