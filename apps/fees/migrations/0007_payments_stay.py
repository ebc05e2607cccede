"""Money once taken in stays on record."""

from apps.audit.operations import AppendOnly
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fees", "0006_credit"), ("audit", "0002_only_added")]
    operations = [AppendOnly("payment"), AppendOnly("credit")]
