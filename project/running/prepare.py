"""Prepares the demo's database, one step a process: `python -m project.running.prepare STEP`.

reset     (as owner) empty a demo's database; refuses any other
migrate   (as owner) bring the tables up to date; mark an empty database as a demo
fill      seeds, and the demo town where there is none yet
complete  (as owner) note that the town is whole, so that an interrupted one is built anew
"""

import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

# The event that says the town is whole: an interrupted one is thrown away and built anew.
BUILT = "build_town"


class Refused(SystemExit):
    """The step would harm a database that is not a demo."""


def _one(sql: str, *given):
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchone()[0]


def _has_tables() -> bool:
    return _one("SELECT to_regclass('public.django_migrations') IS NOT NULL")


def _is_demo() -> bool:
    return _one("SELECT to_regclass('public.audit_demo') IS NOT NULL") and _one(
        "SELECT EXISTS (SELECT 1 FROM audit_demo)"
    )


def _holds_real_work() -> bool:
    if not _has_tables() or _is_demo():
        return False
    if not _one("SELECT to_regclass('public.audit_event') IS NOT NULL"):
        return True  # somebody else's: ours begins with the trail
    return _one("SELECT EXISTS (SELECT 1 FROM audit_event)")


def _town_is_whole() -> bool:
    return _one("SELECT EXISTS (SELECT 1 FROM audit_event WHERE stream = 'clock' AND move = %s)", BUILT)


def reset() -> None:
    """Throw everything of a demo away: tables, seals, uploads, sent messages; the keys stay."""
    if _holds_real_work():
        raise Refused("This database is not marked as a demo: nothing was removed.")
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"
        )
    for folder in (settings.MEDIA_ROOT, settings.OUTBOX):
        shutil.rmtree(folder, ignore_errors=True)
    for seals in settings.TUIGUAN_DATA.glob("seals.*"):
        seals.unlink()


def migrate() -> None:
    """Bring the tables up to date; a new database becomes a demo, an unfinished town is thrown away first."""
    if _holds_real_work():
        raise Refused("This database holds the work of a real installation: no demo town is built in it.")
    if _has_tables() and _is_demo() and not _town_is_whole():
        reset()
    call_command("migrate", interactive=False, verbosity=0)
    from apps.audit.clock import mark_as_demo  # the apps must be loaded

    mark_as_demo()


def fill() -> None:
    """Load the seeds, build the demo town where there is none, print its accounts."""
    from apps.audit.models import DemoMark  # the apps must be loaded
    from apps.audit.streams import record
    from apps.demo import town

    call_command("seed", verbosity=0)
    if not _town_is_whole():
        call_command("demo_town", stdout=sys.stderr)
        record(DemoMark.objects.get(), BUILT)
    rows = [("account", "who", "where", "as", "to do"), *town.accounts()]
    print(f"Password of every account: {town.PASSWORD}\n{aligned(rows)}")


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as columns; a Chinese character is as wide as two others."""
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def width(text: str) -> int:
    """Return how many columns a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


STEPS = {"reset": reset, "migrate": migrate, "fill": fill}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    STEPS[sys.argv[1]]()
