"""Puts the test database back to its seeds after a test that committed.

Django's own flush cannot: the application may not TRUNCATE, and triggers on the audit tables refuse it even
to their owner. This one file acts as owner and lifts the triggers for the moment.
"""

from django.db import connection, transaction

KEPT = "seeds"  # a schema with a copy of every table that was not empty after seeding


def _tables(cursor) -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
    )
    return [f'"{name}"' for (name,) in cursor.fetchall()]


def _columns(cursor, table: str) -> str:
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [f"public.{table}"],
    )
    return cursor.fetchone()[0]


def has_kept_seeds() -> bool:
    """Say whether an earlier run left its copy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [KEPT])
        return cursor.fetchone()[0]


def keep_seeds() -> None:
    """Copy what the tables hold now into a schema of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"RESET ROLE; DROP SCHEMA IF EXISTS {KEPT} CASCADE; CREATE SCHEMA {KEPT}")
        for table in _tables(cursor):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM public.{table})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE {KEPT}.{table} AS TABLE public.{table}")


def put_back() -> None:
    """Empty every table as owner, then copy the seeds back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname), tgenabled FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
        triggers = cursor.fetchall()
        for table, trigger, _ in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(f"TRUNCATE {', '.join(_tables(cursor))} RESTART IDENTITY")
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = %s", [KEPT])
        for (table,) in cursor.fetchall():
            columns = _columns(cursor, table)
            cursor.execute(f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM {KEPT}.{table}")
            _continue_numbering(cursor, table)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with unchecked rows cannot be altered
        for table, trigger, enabled in triggers:
            always = "ALWAYS" if enabled == "A" else ""
            cursor.execute(f"ALTER TABLE {table} ENABLE {always} TRIGGER {trigger}")


def _continue_numbering(cursor, table: str) -> None:
    """Let the table's numbers go on after its highest row."""
    cursor.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''",
        [f"public.{table}"],
    )
    for (column,) in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('public.{table}', %s), max({column})) FROM public.{table}",
            [column.strip('"')],
        )
