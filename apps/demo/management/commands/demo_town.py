"""``manage.py demo_town``: build the demo's offices, people and batches in a database marked as a demo."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.audit import clock, seals
from apps.cases.models import Case
from apps.demo import batches, desk, town


class Command(BaseCommand):
    help = "Build the demo town: offices, enterprises, people, and batches at different stages."

    def handle(self, **options):
        if not clock.is_demo():
            raise CommandError(_("此数据库未标记为演示库，不能建立示例城市"))
        town.build()
        if Case.objects.exists():
            return
        batches.build(tell=self._tell)
        desk.fill()
        seals.take()

    def _tell(self, batch, case):
        self.stdout.write(f"{batch.enterprise} {case.number} {case.stage}")
