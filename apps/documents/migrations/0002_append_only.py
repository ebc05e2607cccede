"""A paper that was issued never changes again."""

from apps.audit.operations import AppendOnly
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("audit", "0002_only_added")]
    operations = [
        AppendOnly("paper"),
    ]
