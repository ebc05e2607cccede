"""``manage.py rename_stage MACHINE OLD NEW``: after a release in which a stage is called otherwise."""

from django.core.management.base import BaseCommand, CommandError

from apps.engine import registry
from apps.processes.renaming import rename


class Command(BaseCommand):
    help = "Rename a stage in the rows that wait in it; `check --deploy --database default` lists them."

    def add_arguments(self, parser):
        parser.add_argument("machine", choices=[model._meta.model_name for model in registry.machines()])
        parser.add_argument("old")
        parser.add_argument("new")

    def handle(self, *, machine: str, old: str, new: str, **options):
        try:
            renamed = rename(registry.machine(machine), old, new)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(f"{renamed} rows of {machine}: {old} is now {new}")
