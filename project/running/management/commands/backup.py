"""Takes a backup of everything an installation keeps."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from project.running import backup
from project.running.places import state_folder


class Command(BaseCommand):
    help = (
        "Back up the database, the uploads, the seals and the keys; the embedded database's log from then on."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, help="folder of the backups, best on another disk")
        parser.add_argument("--keys-to", type=Path, help="folder of the keys, best in another place")
        parser.add_argument("--keep", type=int, default=7, help="how many backups to keep (7)")

    def handle(self, *, to, keys_to, keep, **options):
        data = Path(settings.TUIGUAN_DATA)
        to = (to or state_folder(data) / "backups").absolute()
        keys = (keys_to or to / "keys").absolute()
        if keep < 1:
            raise CommandError(_("至少保留一份备份。"))
        try:
            done = backup.take(to, data, keys_to=keys, keep=keep, embedded=not settings.DATABASE_URL)
        except backup.BackupFailed as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(_("备份已完成：%(folder)s") % {"folder": done})
        if keys.is_relative_to(to):
            self.stderr.write(
                _("密钥在 %(keys)s：与备份同在一处的人可以读出全部个人信息，请用 --keys-to 存放到别处。")
                % {"keys": keys}
            )
        if settings.DATABASE_URL:
            self.stderr.write(
                _("自备的数据库服务器：此后的改动要到下一次备份才有；请同时使用服务器自身的连续归档。")
            )
