"""Puts a backup back, says what is lost by it, and proves the trail."""

import getpass
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from apps.audit import restores, seals
from project.running.backup import BackupFailed
from project.running.places import socket_folder, state_folder
from project.running.restore import restored


class Command(BaseCommand):
    help = "Restore a backup (the newest of a folder) and the log kept since; the damaged cluster is moved aside."
    requires_system_checks: ClassVar[list[str]] = []  # there may be no database yet

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path, metavar="from", help="a backup, or a folder of backups")
        parser.add_argument("--reason", required=True, help="why; whoever verifies the trail will read it")
        parser.add_argument("--keys", type=Path, help="where the keys were backed up to, if they are lost")

    def handle(self, *, source, reason, keys, **options):
        data = Path(settings.TUIGUAN_DATA)
        embedded = not settings.DATABASE_URL
        if embedded:
            state_folder(data)  # a new machine's may lie elsewhere than the settings had to assume
            connection.settings_dict["HOST"] = str(socket_folder(data))
        elif connection.introspection.table_names():
            raise CommandError(_("该数据库不是空的：请新建一个空库，让 DATABASE_URL 指向它，再恢复。"))
        connection.close()
        try:
            with restored(source.absolute(), data, keys=keys, embedded=embedded) as last:
                self._prove(source, reason, last)
        except BackupFailed as failed:
            raise CommandError(str(failed)) from failed

    def _prove(self, source: Path, reason: str, last) -> None:
        """Answer for the restore, seal, and verify everything; the exit code is that of the verification."""
        call_command("migrate", interactive=False, verbosity=0)
        restores.acknowledge(reason=reason, operator=getpass.getuser(), backup=source.name)
        seals.take()
        if last:
            self.stdout.write(_("日志重放到 %(last)s；此后提交的内容已丢失。") % {"last": last.isoformat()})
        try:
            call_command("audit_verify", stdout=self.stdout)
        finally:
            connection.close()
