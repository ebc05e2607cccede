"""The trail's clock, and the triggers that let its tables only be added to."""

from django.db import migrations

from apps.audit.operations import AppendOnly

# STABLE, so that an index can be searched with it; clock_timestamp() moves within a transaction.
# Names carry their schema: a temporary table of the caller's must not stand in for ours.
NOW = """
CREATE FUNCTION tuiguan_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT clock_timestamp() + coalesce((SELECT shift FROM public.audit_demo), interval '0')
$$
"""

REFUSE_CHANGE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""

# In a demo the shared lock holds the clock still until the event is committed; moving it takes the lock alone.
# Index scans only: a plan made while the table was small would be kept, and scan it when it is large. The cost that
# this puts on the scans that remain would start the compiler (30 ms).
FOLLOWS = """
CREATE FUNCTION audit_events_follow() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $$
DECLARE
    demo_shift interval;
    moment timestamptz;
    wrong record;
BEGIN
    SELECT shift INTO demo_shift FROM public.audit_demo;
    IF demo_shift IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(20057701);
        SELECT shift INTO demo_shift FROM public.audit_demo;
    END IF;
    moment := clock_timestamp() + coalesce(demo_shift, interval '0');
    SELECT a.* INTO wrong FROM added a WHERE a.demo <> (demo_shift IS NOT NULL)
        OR a.recorded_at NOT BETWEEN moment - interval '10 minutes' AND moment + interval '1 minute'
        OR NOT CASE WHEN a.seq = 1 THEN a.prev_hash = '' ELSE coalesce(
            -- Ordered, so that the planner cannot take the other index that starts with the stream.
            (SELECT p.seq = a.seq - 1 AND p.hash = a.prev_hash FROM public.audit_event p
             WHERE p.stream = a.stream AND p.stream_id = a.stream_id AND p.seq < a.seq
             ORDER BY p.seq DESC LIMIT 1), false) END
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'event %/%/% of % does not follow its stream, or was not recorded when it happened (now %)',
            wrong.stream, wrong.stream_id, wrong.seq, wrong.recorded_at, moment USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""

FOLLOWS_TRIGGER = """
CREATE TRIGGER audit_events_follow AFTER INSERT ON audit_event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_follow();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_events_follow
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(NOW, "DROP FUNCTION tuiguan_now()"),
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION audit_refuse_change()"),
        migrations.RunSQL(FOLLOWS, "DROP FUNCTION audit_events_follow()"),
        migrations.RunSQL(FOLLOWS_TRIGGER, "DROP TRIGGER audit_events_follow ON audit_event"),
        AppendOnly("Event"),
        AppendOnly("EventItem"),
        AppendOnly("Seal"),
        AppendOnly("SealedHead"),
    ]
