"""``manage.py process_sheets [--check]``: write, or check, the sheet of every machine and the BPMN of every process."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from apps.engine import registry
from apps.processes.bpmn import bpmn
from apps.processes.drawing import draw
from apps.processes.sheet import sheet


class Command(BaseCommand):
    help = "Write workflows/sheets from the processes in force; with --check, say which are stale and exit 1."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **options):
        folder: Path = settings.BASE_DIR / "workflows" / "sheets"
        with translation.override("zh-hans"):
            wanted = {
                folder / f"{model._meta.model_name}.md": sheet(model) for model in registry.machines()
            } | {
                folder / f"{process._meta.model_name}.bpmn": bpmn(draw(process))
                for process in registry.processes()
            }
        stale = [
            path
            for path, text in wanted.items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        stale += [path for path in folder.glob("*.*") if path not in wanted]
        if check and stale:
            names = ", ".join(sorted(path.name for path in stale))
            raise CommandError(f"stale: {names}; run `make sheets` and commit what it writes")
        if check:
            return
        folder.mkdir(exist_ok=True)
        for path in stale:
            path.unlink(missing_ok=True)
            if path in wanted:
                path.write_text(wanted[path], encoding="utf-8")
        self.stdout.write(f"{len(wanted)} sheets, {len(stale)} written")
