"""Identities in bulk: a roster's numbers become rows in three statements, whatever their count."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import connection, transaction

from apps.retirees import numbers, vault
from apps.retirees.models import Identity

INSERT = """
    INSERT INTO retirees_identity (id, sealed, digest, tail_digest, sex, birth_date)
    SELECT * FROM unnest(%s::uuid[], %s::bytea[], %s::text[], %s::text[], %s::text[], %s::date[])
    ON CONFLICT (digest) DO NOTHING
"""
KEEP_FIFTEEN = """
    UPDATE retirees_identity SET filled15_sealed = filled.sealed
    FROM unnest(%s::uuid[], %s::bytea[]) AS filled (id, sealed)
    WHERE retirees_identity.id = filled.id AND filled15_sealed IS NULL
"""


def register(filled: Iterable[str]) -> dict[str, Identity]:
    """Return {number as given: its Identity}, new ones made; both forms of one number give one Identity.

    Raises numbers.InvalidNumber for a number that fails the check: judge the roster first.
    """
    checked = {text: numbers.check(text) for text in filled}
    by_digest = {vault.digest(number.value): number for number in checked.values()}
    with transaction.atomic():
        _insert_missing(by_digest)
        found = {one.digest: one for one in Identity.objects.filter(digest__in=list(by_digest))}
        registered = {text: found[vault.digest(number.value)] for text, number in checked.items()}
        _keep_fifteen(
            {registered[text].pk: number.filled for text, number in checked.items() if number.was_15}
        )
    return registered


def _insert_missing(by_digest: dict[str, numbers.Number]) -> None:
    rows = []
    # In order of digest, so that two uploads with common people never wait for each other crosswise.
    for digest, number in sorted(by_digest.items()):
        key = uuid4()
        sealed = vault.seal(number.value, owner=key, field="number")
        rows.append((key, sealed, digest, vault.tail_digest(number.value), number.sex, number.birth_date))
    _execute(INSERT, rows)


def _keep_fifteen(filled: dict[UUID, str]) -> None:
    """Keep the 15 digits as they were filled in, beside the number they stand for."""
    _execute(
        KEEP_FIFTEEN,
        [(key, vault.seal(text, owner=key, field="filled15")) for key, text in sorted(filled.items())],
    )


def _execute(sql: str, rows: list[tuple]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
