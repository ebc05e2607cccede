"""A migration operation that makes a table append-only for everybody, its owner included."""

from django.db.migrations.operations.base import Operation


class AppendOnly(Operation):
    """Refuse UPDATE, DELETE and TRUNCATE on a model's table; set `APPEND_ONLY = True` on the model too."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str):
        self.name = name

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        quoted = schema_editor.quote_name(table)
        rows, whole = (
            schema_editor.quote_name(f"{table}_kept"),
            schema_editor.quote_name(f"{table}_kept_whole"),
        )
        for sql in (
            f"CREATE TRIGGER {rows} BEFORE UPDATE OR DELETE ON {quoted} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()",
            f"CREATE TRIGGER {whole} BEFORE TRUNCATE ON {quoted} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()",
            # ALWAYS: otherwise session_replication_role = replica would skip them.
            f"ALTER TABLE {quoted} ENABLE ALWAYS TRIGGER {rows}",
            f"ALTER TABLE {quoted} ENABLE ALWAYS TRIGGER {whole}",
        ):
            schema_editor.execute(sql)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = from_state.apps.get_model(app_label, self.name)._meta.db_table
        quoted = schema_editor.quote_name(table)
        for trigger in (f"{table}_kept", f"{table}_kept_whole"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(trigger)} ON {quoted}")

    def describe(self):
        return f"Make {self.name} append-only"

    @property
    def migration_name_fragment(self):
        return f"{self.name.lower()}_append_only"
