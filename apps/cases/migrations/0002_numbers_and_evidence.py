"""The running number of cases; attached papers never change."""

from apps.audit.operations import AppendOnly
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("audit", "0002_only_added")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_case_number", "DROP SEQUENCE cases_case_number"),
        AppendOnly("evidence"),
    ]
