"""The bytes of papers, and what is done with them: only ever added."""

import apps.audit.streams
import apps.documents.models
import django.db.models.deletion
from apps.audit.operations import AppendOnly
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_append_only"),
        ("audit", "0002_only_added"),
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="about",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
                verbose_name="送达单位",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="code",
            field=models.CharField(
                db_default=apps.documents.models.RandomCode(),
                editable=False,
                max_length=16,
                unique=True,
                verbose_name="查验码",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="facts",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="paper",
            name="replaces",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="documents.paper",
                verbose_name="替换",
            ),
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("GENUINE", "真实有效"),
                            ("SUPERSEDED", "已被新文书替换"),
                            ("VOID", "已作废"),
                            ("UNKNOWN", "查无此码"),
                            ("DIFFERENT", "文件与原件不符"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("with_file", models.BooleanField(default=False, verbose_name="核对文件")),
                ("at", models.DateTimeField(default=apps.audit.streams.now, verbose_name="时间")),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="documents.paper",
                        verbose_name="文书",
                    ),
                ),
            ],
            options={
                "verbose_name": "查验登记",
                "verbose_name_plural": "查验登记",
            },
        ),
        migrations.CreateModel(
            name="PaperFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="摘要")),
                ("unsigned_digest", models.CharField(max_length=64, verbose_name="签章前摘要")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("pages", models.PositiveIntegerField(verbose_name="页数")),
                ("sealed", models.BinaryField()),
                ("facts_sealed", models.BinaryField()),
                ("recorded_as", models.BigIntegerField()),
                ("made_at", models.DateTimeField(verbose_name="制作时间")),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="documents.paper",
                        verbose_name="文书",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书文件",
                "verbose_name_plural": "文书文件",
            },
        ),
        migrations.CreateModel(
            name="Voiding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(default=apps.audit.streams.now, verbose_name="时间")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="机构",
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voiding",
                        to="documents.paper",
                        verbose_name="文书",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书作废",
                "verbose_name_plural": "文书作废",
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(default=apps.audit.streams.now, verbose_name="时间")),
                ("job", models.BigIntegerField()),
                ("papers", models.PositiveIntegerField(verbose_name="份数")),
                ("pages", models.PositiveIntegerField(verbose_name="页数")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("sealed", models.BinaryField()),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="送达单位",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="机构",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "成批打印",
                "verbose_name_plural": "成批打印",
                "constraints": [models.UniqueConstraint(fields=("job", "about"), name="bundle_once")],
            },
        ),
        migrations.CreateModel(
            name="Printing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(default=apps.audit.streams.now, verbose_name="时间")),
                ("copy", models.PositiveIntegerField(verbose_name="第几份")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="机构",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="printings",
                        to="documents.paper",
                        verbose_name="文书",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "打印登记",
                "verbose_name_plural": "打印登记",
                "constraints": [models.UniqueConstraint(fields=("paper", "copy"), name="paper_copy_once")],
            },
        ),
        AppendOnly("paperfile"),
        AppendOnly("voiding"),
        AppendOnly("printing"),
        AppendOnly("bundle"),
        AppendOnly("check"),
    ]
