"""What was booked, and what the bank said, never changes again."""

from apps.audit.operations import AppendOnly
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("treasury", "0001_initial"), ("audit", "0002_only_added")]
    operations = [AppendOnly(name) for name in ("entry", "posting", "statement", "statementline")]
