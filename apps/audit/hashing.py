"""How facts become bytes and bytes become hashes: used alike for writing and for verifying."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from django.utils.functional import Promise

# Every column of an event that its hash covers, with the value that means "nothing said".
# A value equal to its default is left out, so a column added later does not change old hashes.
FACTS: dict[str, object] = {
    "stream": None,
    "stream_id": None,
    "seq": None,
    "act": None,
    "cause": "",
    "machine": "",
    "move": None,
    "source": "",
    "target": "",
    "person_id": None,
    "post_id": None,
    "organisation_id": None,
    "role": "",
    "on_behalf_id": None,
    "actor": {},
    "reason_code": "",
    "reason": "",
    "basis": "",
    "given": {},
    "evidence": [],
    "rules": [],
    "due_at": None,
    "effective_on": None,
    "recorded_at": None,
    "items_count": 0,
    "items_digest": "",
    "prev_hash": "",
}
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
JSON_FACTS = frozenset({"actor", "given", "evidence", "rules"})


def plain(value):
    """Return the value as JSON keeps it for ever: moments in UTC, decimals and floats as text."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(inner) for inner in value)
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.isoformat(timespec="microseconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (str, UUID, Decimal, Promise)):
        return str(value)
    if isinstance(value, float):
        # jsonb rewrites some floats; text comes back as it went in.
        return repr(value)
    raise TypeError(f"an event cannot carry a {type(value).__name__}: {value!r}")


def canonical(value) -> bytes:
    """Return the one way to write plain JSON: keys sorted, no spaces, UTF-8."""
    return _ENCODER.encode(value).encode()


def said(facts: Mapping[str, object]) -> bytes:
    """Return an event's facts as the bytes that are hashed, its predecessor's hash among them."""
    spoken = {}
    for name, default in FACTS.items():
        value = facts[name]
        if value is None or (value == default and type(value) is type(default)):
            continue
        # JSON facts were made plain before they came here.
        spoken[name] = value if type(value) is str or name in JSON_FACTS else plain(value)
    return canonical(spoken)


def digest(text: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return sha256(text).hexdigest()


def items_digest(items: Iterable[tuple[int, int, str]]) -> str:
    """Return the digest of (row id, row seq, source) lines, given in the order of row id and seq."""
    text = "".join([f"{row_id},{row_seq},{source}\n" for row_id, row_seq, source in items])
    return digest(text.encode()) if text else ""
