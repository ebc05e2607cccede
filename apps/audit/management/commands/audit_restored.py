"""Answers for a database that was restored by other means than ours: a provider's, an administrator's."""

import getpass

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.audit import keys, restores, seals


class Command(BaseCommand):
    help = "Record that the database was put back to an earlier state, what is lost by it, and why."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reason", required=True, help="why it was restored; anybody who verifies reads it"
        )

    def handle(self, *, reason, **options):
        if not reason.strip():
            raise CommandError(_("请写明恢复的理由。"))
        try:
            event = restores.acknowledge(reason=reason, operator=getpass.getuser())
            seals.take()
        except keys.SealKeyMissing as missing:
            raise CommandError(str(missing)) from missing
        self.stdout.write(restores.told(event.given))
