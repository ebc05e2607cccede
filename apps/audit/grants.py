"""Who may do what in the database: granted after every migration, for all apps' tables."""

import sys

from django.apps import apps
from django.conf import settings
from django.db import connections

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADD_ONLY = ("SELECT", "INSERT")


def rights_of(model) -> tuple[str, ...]:
    """Return what the application may do with a model's table."""
    if getattr(model, "APPEND_ONLY", False):
        return ADD_ONLY
    return getattr(model, "APP_MAY", EVERYTHING)


def grant_after_migrate(sender, using, verbosity=1, **kwargs) -> None:
    """Give the application and the auditor what they need, no more; a missing role is named and skipped."""
    connection = connections[using]
    app = getattr(settings, "DATABASE_APP_ROLE", "tuiguan_app")
    auditor = getattr(settings, "DATABASE_AUDITOR_ROLE", "tuiguan_auditor")
    with connection.cursor() as cursor:
        if not _owns_tables(cursor):
            return
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[app, auditor]])
        present = {name for (name,) in cursor.fetchall()}
        for role in sorted({app, auditor} - present):
            sys.stderr.write(
                f"Role {role} does not exist in this server; nothing granted to it (see README).\n"
            )
        if app in present:
            _grant_app(cursor, connection.ops.quote_name(app), connection.ops.quote_name)
        if auditor in present:
            role = connection.ops.quote_name(auditor)
            cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
            cursor.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


def _owns_tables(cursor) -> bool:
    # A flush by the application's role sends post_migrate too.
    cursor.execute(
        "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class "
        "WHERE oid = to_regclass('public.audit_event')"
    )
    row = cursor.fetchone()
    return bool(row and row[0])


def _grant_app(cursor, role: str, quote) -> None:
    cursor.execute(f"GRANT {', '.join(EVERYTHING)} ON ALL TABLES IN SCHEMA public TO {role}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    narrower = [
        model for model in apps.get_models() if rights_of(model) != EVERYTHING and not model._meta.proxy
    ]
    for model in narrower:
        refused = [
            right
            for right in (*EVERYTHING, "TRUNCATE", "REFERENCES", "TRIGGER")
            if right not in rights_of(model)
        ]
        cursor.execute(f"REVOKE {', '.join(refused)} ON {quote(model._meta.db_table)} FROM {role}")
