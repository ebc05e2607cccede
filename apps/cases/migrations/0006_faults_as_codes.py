"""What keeps a person from going on becomes codes and values; a sentence kept so far stays as it was said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_each_form_opens_once")]
    operations = [
        migrations.AddField(
            model_name="caseitem",
            name="faults",
            field=models.JSONField(blank=True, default=list, verbose_name="待解决的问题"),
        ),
        migrations.RunSQL(
            "UPDATE cases_caseitem SET faults = jsonb_build_array(jsonb_build_object('code', 'text', 'text', fault)) "
            "WHERE fault <> ''",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="caseitem", name="fault"),
    ]
