"""The trail's tables are only ever added to, whoever asks."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from apps.audit import grants
from apps.audit.models import DemoMark, Event, EventItem, Seal, SealedHead

TRAIL = [Event, EventItem, Seal, SealedHead]
CHANGES = ["UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "APPEND_ONLY", False)]


def refused(sql, *, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("model", TRAIL)
def test_the_application_may_not_change_the_trail(trail, model, change):
    trail.grow(2)

    refused(change.format(model._meta.db_table), match="permission denied")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("model", TRAIL)
def test_the_owner_is_refused_by_triggers_even_as_a_replica(trail, model, change):
    trail.grow(4)
    EventItem.objects.bulk_create([EventItem(event=Event.objects.first(), row_id=1, row_seq=1)])

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE")
        refused(change.format(model._meta.db_table), match="only ever added to")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")
            refused(change.format(model._meta.db_table), match="only ever added to")
        cursor.execute("SET ROLE tuiguan_app")


def test_the_application_may_not_switch_to_a_replica(db):
    refused("SET session_replication_role = replica", match="permission denied")


def test_the_application_may_not_mark_a_database_as_a_demo(db):
    refused("INSERT INTO audit_demo (id, shift) VALUES (1, '1 day')", match="permission denied")


def test_a_temporary_table_does_not_stand_in_for_the_mark(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE audit_demo (shift interval)")
        cursor.execute("INSERT INTO pg_temp.audit_demo VALUES ('-9 days')")
        cursor.execute("SELECT abs(extract(epoch FROM clock_timestamp() - tuiguan_now())) < 60")
        assert cursor.fetchone() == (True,)
        cursor.execute("DROP TABLE pg_temp.audit_demo")


@pytest.mark.parametrize("model", APPEND_ONLY)
def test_every_append_only_table_is_guarded_always(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled, tgtype::int & 56 FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgfoid = 'audit_refuse_change'::regproc ORDER BY 2",
            [model._meta.db_table],
        )
        # 8 delete + 16 update on each row, 32 truncate on the whole.
        assert cursor.fetchall() == [("A", 24), ("A", 32)]


@pytest.mark.parametrize("model", [*APPEND_ONLY, DemoMark])
def test_the_application_has_the_rights_of_the_table_and_no_more(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE']) r "
            "WHERE has_table_privilege('tuiguan_app', %s, r)",
            [model._meta.db_table],
        )
        assert {right for (right,) in cursor.fetchall()} == set(grants.rights_of(model))


def test_the_auditor_reads_everything_and_writes_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
            "AND (NOT has_table_privilege('tuiguan_auditor', oid, 'SELECT') "
            "OR has_table_privilege('tuiguan_auditor', oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))"
        )
        assert cursor.fetchall() == []


def test_a_missing_role_is_named_and_skipped(db, settings, capsys):
    settings.DATABASE_APP_ROLE = "nobody_here"
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        grants.grant_after_migrate(sender=None, using="default")
        cursor.execute("SET ROLE tuiguan_app")

    assert "nobody_here" in capsys.readouterr().err
