"""What differs from the social-insurance register is kept as a code."""

from django.db import migrations, models

CODES = """
    UPDATE transfers_difference SET
        code = CASE code WHEN '姓名' THEN 'name' WHEN '公民身份号码' THEN 'number' WHEN '出生日期' THEN 'birth_date'
                         WHEN '单位名称' THEN 'unit' WHEN '待遇状态' THEN 'state' WHEN '生存状况' THEN 'dead'
                         WHEN '参保情况' THEN 'uninsured' WHEN '社保回复' THEN 'unanswered' ELSE code END,
        ours = CASE code WHEN '参保情况' THEN '' ELSE ours END,
        theirs = CASE code WHEN '生存状况' THEN coalesce(substring(theirs FROM '[0-9-]+'), '')
                           WHEN '参保情况' THEN '' WHEN '社保回复' THEN '' ELSE theirs END
"""


class Migration(migrations.Migration):
    dependencies = [("transfers", "0003_alarms")]
    operations = [
        migrations.RenameField(model_name="difference", old_name="field", new_name="code"),
        migrations.AlterField(
            model_name="difference",
            name="code",
            field=models.CharField(max_length=30, verbose_name="项目"),
        ),
        migrations.RunSQL(CODES, migrations.RunSQL.noop),
    ]
