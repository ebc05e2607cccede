"""A form opens one case and attaches a paper once."""

import django.db.models.deletion
from apps.audit.operations import AppendOnly
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_alarms"),
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opened",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("case", "organisation", "kind", "digest"), name="paper_attached_once"
            ),
        ),
        migrations.AddField(
            model_name="opened",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="opened",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        AppendOnly("opened"),
    ]
