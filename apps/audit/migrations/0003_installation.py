"""The installation as a whole gets a stream of its own."""

import apps.audit.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_only_added"),
    ]

    operations = [
        migrations.CreateModel(
            name="Installation",
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_installation_one_row")
                ],
            },
        ),
    ]
