"""Seals what has changed in the audit trail since the last seal."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.audit import keys, seals


class Command(BaseCommand):
    help = "Take a seal over the heads of all streams."

    def add_arguments(self, parser):
        parser.add_argument(
            "--new-key", action="store_true", help="make a new signing key if the old one is lost"
        )

    def handle(self, *, new_key, **options):
        try:
            seal = seals.take(new_key=new_key)
        except keys.SealKeyMissing as missing:
            raise CommandError(str(missing)) from missing
        if seal is None:
            self.stdout.write(_("没有新的记录，无需封印。"))
        else:
            self.stdout.write(
                _("第 %(number)s 号封印，根 %(root)s。") % {"number": seal.number, "root": seal.root[:16]}
            )
