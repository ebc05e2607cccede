"""The book of divisions for tests that need no database: read from the fixtures the seed loads."""

import csv
from collections import defaultdict
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.organisations.divisions import DivisionBook
from apps.organisations.models import Division

FIXTURES = settings.BASE_DIR / "fixtures"


def _read(name):
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text):
    return date.fromisoformat(text) if text else None


@lru_cache
def book_on(day: date) -> DivisionBook:
    aliases = defaultdict(list)
    for row in _read("division_aliases.csv"):
        aliases[row["code"]].append(row["alias"])
    rows = [
        Division(
            pk=number,
            valid=DateRange(_day(row.pop("valid_from")), _day(row.pop("valid_until"))),
            **row,
        )
        for number, row in enumerate(_read("divisions.csv"), start=1)
    ]
    return DivisionBook(day, rows, aliases)
