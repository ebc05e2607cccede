"""An approved rule row never changes and never goes; its end may still be set, to a day that has not passed."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION policies_rule_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_at IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an approved rule row is never removed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.key, NEW.scope, NEW.value, NEW.unit, NEW.basis_id, NEW.citation, NEW.status,
        NEW.author_id, NEW.approver_id, NEW.approved_at, lower(NEW.valid))
       IS DISTINCT FROM
       (OLD.id, OLD.key, OLD.scope, OLD.value, OLD.unit, OLD.basis_id, OLD.citation, OLD.status,
        OLD.author_id, OLD.approver_id, OLD.approved_at, lower(OLD.valid)) THEN
        RAISE EXCEPTION 'an approved rule row is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.valid IS DISTINCT FROM OLD.valid AND (
        NEW.valid = 'empty'
        OR upper(NEW.valid) IS NULL
        OR upper(NEW.valid) < (public.tuiguan_now() AT TIME ZONE 'Asia/Shanghai')::date
        OR upper(OLD.valid) < (public.tuiguan_now() AT TIME ZONE 'Asia/Shanghai')::date
    ) THEN
        RAISE EXCEPTION 'an approved rule row ends today or later' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER policies_rule_stays BEFORE UPDATE OR DELETE ON policies_rule
    FOR EACH ROW EXECUTE FUNCTION policies_rule_stays();
ALTER TABLE policies_rule ENABLE ALWAYS TRIGGER policies_rule_stays;
"""

THAW = """
DROP TRIGGER policies_rule_stays ON policies_rule;
DROP FUNCTION policies_rule_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("audit", "0002_only_added")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
