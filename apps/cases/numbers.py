"""Case numbers: a letter for the process, the year, a running number, and a check character against slips."""

from django.db import connection
from stdnum.iso7064 import mod_37_36


def allocate(prefix: str, year: int) -> str:
    """Return the next number, as ``YJ2026-000123-K``. The last character follows ISO 7064 mod 37,36."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_case_number')")
        (running,) = cursor.fetchone()
    body = f"{prefix}{year}-{running:06d}"
    return f"{body}-{mod_37_36.calc_check_digit(body.replace('-', ''))}"


def is_valid(number: str) -> bool:
    """Whether a number, however typed, carries the right check character."""
    compact = number.strip().upper().replace("-", "")
    return mod_37_36.is_valid(compact)
