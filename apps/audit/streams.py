"""Writing to the trail: lock the anchors, take the moment, append events to their streams."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from . import prepared, trace
from .hashing import FACTS, JSON_FACTS, digest, items_digest, plain, said
from .models import Event, Streamed
from .prepared import array


class Head(NamedTuple):
    """Where a stream ends: how many events it has, and the hash of the last."""

    seq: int = 0
    hash: str = ""


class ItemMoved(NamedTuple):
    """A row that an event moved, its how-manieth move, and the stage it left."""

    row_id: int
    row_seq: int
    source: str


@dataclass(slots=True, kw_only=True)
class Entry:
    """The facts of an event still to be written; items may be plain (row id, row seq, source) tuples."""

    stream_id: int
    move: str
    machine: str = ""
    source: str = ""
    target: str = ""
    act: UUID | None = None
    cause: str = ""
    person_id: int | None = None
    post_id: int | None = None
    organisation_id: int | None = None
    role: str = ""
    on_behalf_id: int | None = None
    actor: dict[str, Any] = field(default_factory=dict)
    reason_code: str = ""
    reason: str = ""
    basis: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    evidence: Sequence[Any] = ()
    rules: Sequence[Any] = ()
    due_at: datetime | None = None
    effective_on: date | None = None
    items: Sequence[tuple[int, int, str]] = ()


class StreamMoved(RuntimeError):
    """A head was not where the caller had locked it: the caller forgot to lock."""


_COLUMNS = (*FACTS, "hash")
_FIELDS = tuple(column.attname for column in Event._meta.concrete_fields)
_OF_ENTRY = tuple(name for name in FACTS if name in Entry.__dataclass_fields__)
# The bytes that were hashed are the bytes that are sent; what they leave out is filled in from the defaults.
_INSERT = (
    "WITH moved AS (UPDATE {table} AS anchor SET stream_seq = head.seq, stream_head = head.hash "  # noqa: S608 - our own names
    "FROM unnest(%(ids)s::bigint[], %(before)s::bigint[], %(after)s::bigint[], %(hashes)s::text[]) "
    "AS head(id, before, seq, hash) WHERE anchor.{pk} = head.id AND anchor.stream_seq = head.before RETURNING 1) "
    f"INSERT INTO audit_event ({', '.join(_COLUMNS)}, demo) "
    f"SELECT {', '.join('said.' + name for name in _COLUMNS)}, EXISTS (SELECT 1 FROM audit_demo) "
    "FROM json_populate_recordset(json_populate_record(NULL::audit_event, %(defaults)s), %(said)s) AS said "
    "RETURNING id, demo, (SELECT count(*) FROM moved)"
)
_DEFAULTS = json.dumps({name: default for name, default in FACTS.items() if default is not None})
_INSERT_ITEMS = (
    "INSERT INTO audit_eventitem (event_id, row_id, row_seq, source) "
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::integer[], %s::text[])"
)


def now() -> datetime:
    """Return the database's moment, shifted only in a database marked as a demo."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tuiguan_now()")
        return cursor.fetchone()[0]


def actor_facts(by) -> dict[str, Any]:
    """Return what an event says of its actor, copied by value; None is the system itself."""
    if by is None:
        return {}
    post, organisation, on_behalf = by.post, by.organisation, by.on_behalf
    return {
        "person_id": by.user.pk,
        "post_id": post.pk if post else None,
        "organisation_id": organisation.pk if organisation else None,
        "role": str(by.role or ""),
        "on_behalf_id": on_behalf.pk if on_behalf else None,
        "actor": {
            "person": by.user.name or by.user.get_username(),
            "organisation": organisation.name if organisation else "",
            "role": str(by.role or ""),
            "post": post.pk if post else None,
            "on_behalf": on_behalf.name if on_behalf else "",
        },
    }


def by_value(given):
    """Return what an act was given as its event keeps it: a row by id and name, a file by name and digest."""
    if hasattr(given, "chunks"):
        given.seek(0)
        content = given.read()
        given.seek(0)
        return {"name": given.name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    if hasattr(given, "pk"):
        return {"id": given.pk, "name": str(given)}
    return given if isinstance(given, int | float | str | bool | None) else str(given)


def lock(model: type[Streamed], ids) -> dict[int, Head]:
    """Lock the anchors in order of id until the transaction ends, and return where their streams end."""
    ids = list(ids)
    one = len(ids) == 1
    chosen = "%(ids)s" if one else "ANY(%(ids)s::bigint[])"
    table, pk = model._meta.db_table, model._meta.pk.column
    rows = prepared.rows(
        f'SELECT "{pk}", stream_seq, stream_head FROM "{table}" WHERE "{pk}" = {chosen} '  # noqa: S608
        f'ORDER BY "{pk}" FOR NO KEY UPDATE',
        {"ids": ids[0] if one else array(ids)},
        once=one,
    )
    return {row[0]: Head(row[1], row[2]) for row in rows}


def append(
    model: type[Streamed], heads: dict[int, Head], entries: Sequence[Entry], *, at: datetime
) -> list[Event]:
    """Write events to the streams of one model, in the order given, and move `heads` on with them.

    `heads` comes from `lock`, or holds `Head()` for anchors inserted in this transaction. `at` comes from
    `now` or from the statement that judged. Two statements whatever the size, one without items. Several
    entries of one stream follow one another. Raises KeyError for a stream that is not in `heads`, and
    StreamMoved when an anchor is not where `heads` says.
    """
    if not entries:
        return []
    act = uuid4()
    known = {entry.stream_id: heads[entry.stream_id] for entry in entries}
    facts, lines = [], []
    for entry in entries:
        event = _facts(model.STREAM, entry, heads[entry.stream_id], act=act, at=at)
        text = said(event)
        event["hash"] = digest(text)
        heads[entry.stream_id] = Head(event["seq"], event["hash"])
        facts.append(event)
        lines.append(f'{text[:-1].decode()},"hash":"{event["hash"]}"}}')
    rows = _insert(model, {pk: (before, heads[pk]) for pk, before in known.items()}, lines)
    events = [_event(pk, demo, event) for (pk, demo, _moved), event in zip(rows, facts, strict=True)]
    _insert_items(events, entries)
    trace.add(act=str(events[-1].act))
    return events


def record(row: Streamed, move: str, *, by=None, **facts) -> Event:
    """Append one event to the row's own stream, in a transaction of its own if there is none."""
    model = type(row)
    with transaction.atomic():
        heads = lock(model, [row.pk])
        entry = Entry(stream_id=row.pk, move=move, **{**actor_facts(by), **facts})
        [event] = append(model, heads, [entry], at=now())
    row.stream_seq, row.stream_head = event.seq, event.hash
    return event


def _event(pk: int, demo: bool, facts: dict[str, Any]) -> Event:
    # By position: twice as fast as by name, and an act may write thousands.
    facts |= {"id": pk, "demo": demo}
    return Event(*[facts[name] for name in _FIELDS])


def _facts(stream: str, entry: Entry, head: Head, *, act: UUID, at: datetime) -> dict[str, Any]:
    items = sorted(entry.items) if entry.items else ()
    facts = {name: getattr(entry, name) for name in _OF_ENTRY}
    for name in JSON_FACTS:
        facts[name] = plain(facts[name])
    facts |= {"stream": stream, "seq": head.seq + 1, "act": entry.act or act, "recorded_at": at}
    return facts | {
        "items_count": len(items),
        "items_digest": items_digest(items),
        "prev_hash": head.hash,
    }


def _insert_items(events: list[Event], entries: Sequence[Entry]) -> None:
    rows = [(event.pk, *item) for event, entry in zip(events, entries, strict=True) for item in entry.items]
    if not rows:
        return
    event_ids, row_ids, row_seqs, sources = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_ITEMS,
            [array(event_ids), array(row_ids), array(row_seqs), array(map(_quoted, sources))],
        )


def _insert(
    model: type[Streamed], moved: Mapping[int, tuple[Head, Head]], lines: Sequence[str]
) -> list[tuple]:
    """Write the events and move the heads on; return each event's id, and whether this is a demo."""
    sql = _INSERT.format(table=f'"{model._meta.db_table}"', pk=f'"{model._meta.pk.column}"')
    values = {
        "ids": array(moved),
        "before": array(before.seq for before, _ in moved.values()),
        "after": array(after.seq for _, after in moved.values()),
        "hashes": array(after.hash for _, after in moved.values()),
        "defaults": _DEFAULTS,
        "said": f"[{','.join(lines)}]",
    }
    rows = prepared.rows(sql, values, once=len(lines) == 1)
    if rows[0][2] != len(moved):
        raise StreamMoved(f"{len(moved) - rows[0][2]} of {len(moved)} {model.STREAM} streams had moved")
    return rows


def _quoted(text: str) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
