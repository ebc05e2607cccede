"""The database's owner: may switch the triggers off and change anything, as a tamperer would."""

from contextlib import contextmanager

from django.db import connection

from apps.audit.models import DemoMark, Event, EventItem, Seal, SealedHead

TABLES = [model._meta.db_table for model in (Event, EventItem, Seal, SealedHead, DemoMark)]
TRIGGERS = "SELECT quote_ident(tgname) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"


class Owner:
    """Acts with the owner's rights and without triggers, then leaves everything armed again."""

    @contextmanager
    def unguarded(self):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE")
            triggers = [(table, name) for table in TABLES for name in self._triggers(cursor, table)]
            for table, name in triggers:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            yield self
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table, name in triggers:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
            cursor.execute("SET ROLE tuiguan_app")

    def run(self, sql, params=()):
        """Execute one statement and return its rows, if it has any."""
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    @staticmethod
    def _triggers(cursor, table):
        cursor.execute(TRIGGERS, [table])
        return [name for (name,) in cursor.fetchall()]
