"""An objection and its answer stay on record."""

from apps.audit.operations import AppendOnly
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exemptions", "0001_initial"), ("audit", "0002_only_added")]
    operations = [AppendOnly("objection")]
