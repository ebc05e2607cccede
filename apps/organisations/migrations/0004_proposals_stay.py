"""What was proposed is what is approved: a proposal's contents never change, nor does a decision."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION organisations_proposal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a proposal is never removed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.kind, NEW.subject, NEW.changes, NEW.office_id, NEW.author_id, NEW.proposed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.kind, OLD.subject, OLD.changes, OLD.office_id, OLD.author_id, OLD.proposed_at)
       OR (OLD.decision <> '' AND (NEW.decision, NEW.decided_by_id, NEW.decided_at, NEW.reason)
           IS DISTINCT FROM (OLD.decision, OLD.decided_by_id, OLD.decided_at, OLD.reason)) THEN
        RAISE EXCEPTION 'a proposal is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER organisations_proposal_stays BEFORE UPDATE OR DELETE ON organisations_proposal
    FOR EACH ROW EXECUTE FUNCTION organisations_proposal_stays();
ALTER TABLE organisations_proposal ENABLE ALWAYS TRIGGER organisations_proposal_stays;
"""

THAW = """
DROP TRIGGER organisations_proposal_stays ON organisations_proposal;
DROP FUNCTION organisations_proposal_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_second_person")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
