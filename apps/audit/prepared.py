"""Statements the server parses and plans once per connection; the ORM's queries among them, written down once."""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def execute(cursor, sql: str, values: Mapping[str, Any], *, once: bool = True) -> None:
    """Execute SQL with ``%(name)s`` for each of ``values``, all of which it uses.

    ``once``: planned once for all executions. Right for single rows, where planning takes longer than the
    work; the best plan for a set depends on its size.
    """
    if not once:
        cursor.execute(sql, values)
        return
    known = _known.setdefault(connection.connection, {})
    if sql not in known:
        name = f"tuiguan_{len(known)}"
        places = {key: f"${place}" for place, key in enumerate(values, start=1)}
        cursor.cursor.execute(f"PREPARE {name} AS {sql % places}")
        known[sql] = name
    filled = f" ({', '.join(['%s'] * len(values))})" if values else ""
    cursor.execute(f"EXECUTE {known[sql]}{filled}", list(values.values()))


def rows(sql: str, values: Mapping[str, Any], *, once: bool = True) -> list[tuple]:
    """Execute SQL and return the rows it answers with, if it answers with any."""
    with connection.cursor() as cursor:
        execute(cursor, sql, values, once=once)
        return cursor.fetchall() if cursor.description else []


def array(values) -> str:
    """A PostgreSQL array as one literal: read many times faster than ``ARRAY[…]`` with a parameter for each element."""
    return "{" + ",".join(map(str, values)) + "}"


def written(queryset, standins: Mapping[Any, str]) -> str:
    """A queryset's SQL for `execute`: stand-ins become the values of their names, all else is written out."""
    sql, parameters = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        literals = [
            f"%({standins[value]})s"
            if isinstance(value, int | str) and value in standins
            else cursor.mogrify("%s", [value]).decode().replace("%", "%%")
            for value in parameters
        ]
    return sql.replace("%%", "%%%%") % tuple(literals)
