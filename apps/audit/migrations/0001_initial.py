"""The tables of the audit trail."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import apps.audit.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DemoMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stream_seq", apps.audit.fields.HeadNumber(default=0, editable=False)),
                (
                    "stream_head",
                    apps.audit.fields.HeadHash(blank=True, default="", editable=False, max_length=64),
                ),
                ("shift", models.DurationField()),
            ],
            options={
                "db_table": "audit_demo",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_demo_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stream", models.CharField(max_length=20)),
                ("stream_id", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("act", models.UUIDField(db_index=True)),
                ("cause", models.CharField(default="", max_length=80)),
                ("machine", models.CharField(default="", max_length=40)),
                ("move", models.CharField(max_length=60)),
                ("source", models.CharField(default="", max_length=40)),
                ("target", models.CharField(default="", max_length=40)),
                ("person_id", models.BigIntegerField(null=True)),
                ("post_id", models.BigIntegerField(null=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(default="", max_length=40)),
                ("on_behalf_id", models.BigIntegerField(null=True)),
                ("actor", models.JSONField(default=dict)),
                ("reason_code", models.CharField(default="", max_length=40)),
                ("reason", models.TextField(default="")),
                ("basis", models.CharField(default="", max_length=120)),
                ("given", models.JSONField(default=dict)),
                ("evidence", models.JSONField(default=list)),
                ("rules", models.JSONField(default=list)),
                ("due_at", models.DateTimeField(null=True)),
                ("effective_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("demo", models.BooleanField(default=False)),
                ("items_count", models.IntegerField(default=0)),
                ("items_digest", models.CharField(default="", max_length=64)),
                ("prev_hash", models.CharField(default="", max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["stream", "stream_id", "move", "person_id"], name="audit_event_who_moved"
                    ),
                    models.Index(fields=["person_id", "recorded_at"], name="audit_event_person"),
                    models.Index(fields=["organisation_id", "recorded_at"], name="audit_event_organisation"),
                    models.Index(fields=["recorded_at"], name="audit_event_recorded"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("stream", "stream_id", "seq"), name="audit_event_in_stream"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seq__gte", 1)), name="audit_event_seq_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(unique=True)),
                ("taken_at", models.DateTimeField()),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("prev_hash", models.CharField(default="", max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                (
                    "frontier",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                ("ceiling", models.BigIntegerField()),
                ("floor", models.BigIntegerField()),
                ("xid", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="audit_seal_from_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="EventItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row_id", models.BigIntegerField()),
                ("row_seq", models.IntegerField()),
                ("source", models.CharField(default="", max_length=40)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="audit.event",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["event", "row_id"], name="audit_item_of_event"),
                    models.Index(fields=["row_id"], name="audit_item_row"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.BigIntegerField(unique=True)),
                ("stream", models.CharField(max_length=20)),
                ("stream_id", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("head", models.CharField(max_length=64)),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heads", to="audit.seal"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("stream", "stream_id", "seq"), name="audit_sealed_head_once"
                    )
                ],
            },
        ),
    ]
