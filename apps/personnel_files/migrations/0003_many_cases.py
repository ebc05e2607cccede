"""Tells the planner that files belong to many cases, also while the first large batch has nearly all of them.

Statements planned once would otherwise read the whole table for every act on any other case.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("personnel_files", "0002_alarms")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE personnel_files_personnelfile ALTER COLUMN case_id SET (n_distinct = -0.02)",
            "ALTER TABLE personnel_files_personnelfile ALTER COLUMN case_id RESET (n_distinct)",
        )
    ]
