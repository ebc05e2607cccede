"""One more answer of the public page: what the register says and the trail does not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_papers_drawn_up")]
    operations = [
        migrations.AlterField(
            model_name="check",
            name="answer",
            field=models.CharField(
                choices=[
                    ("GENUINE", "真实有效"),
                    ("SUPERSEDED", "已被新文书替换"),
                    ("VOID", "已作废"),
                    ("UNKNOWN", "查无此码"),
                    ("DIFFERENT", "文件与原件不符"),
                    ("UNPROVED", "不能证实"),
                ],
                max_length=10,
                verbose_name="结果",
            ),
        ),
    ]
