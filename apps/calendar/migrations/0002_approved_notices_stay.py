"""A notice's days are only ever added, none to an approved one; an approved notice never changes and never goes."""

from apps.audit.operations import AppendOnly
from django.db import migrations

FREEZE = """
CREATE FUNCTION calendar_notice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_at IS NULL AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.title, NEW.number, NEW.year, NEW.author_id, NEW.approver_id, NEW.approved_at)
       IS DISTINCT FROM (OLD.id, OLD.title, OLD.number, OLD.year, OLD.author_id, OLD.approver_id, OLD.approved_at) THEN
        RAISE EXCEPTION 'an approved notice is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION calendar_days_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM calendar_holidaynotice WHERE id = NEW.notice_id AND approved_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an approved notice is never added to' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER calendar_notice_stays BEFORE UPDATE OR DELETE ON calendar_holidaynotice
    FOR EACH ROW EXECUTE FUNCTION calendar_notice_stays();
ALTER TABLE calendar_holidaynotice ENABLE ALWAYS TRIGGER calendar_notice_stays;
CREATE TRIGGER calendar_days_stay BEFORE INSERT ON calendar_noticeday
    FOR EACH ROW EXECUTE FUNCTION calendar_days_stay();
ALTER TABLE calendar_noticeday ENABLE ALWAYS TRIGGER calendar_days_stay;
"""

THAW = """
DROP TRIGGER calendar_days_stay ON calendar_noticeday;
DROP FUNCTION calendar_days_stay();
DROP TRIGGER calendar_notice_stays ON calendar_holidaynotice;
DROP FUNCTION calendar_notice_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial"), ("audit", "0002_only_added")]

    operations = [AppendOnly("noticeday"), migrations.RunSQL(FREEZE, THAW)]
