"""The same row waits for approval once."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0004_reckoned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_at", None)),
                fields=("key", "scope", "value", "valid", "author"),
                name="rule_proposed_once",
            ),
        ),
    ]
