"""Sealing of personal data and the digests it is looked up by; nothing here ever logs what it opens.

Every sealed value is `key version (2 bytes) + nonce (12 bytes) + AES-256-GCM ciphertext`, bound to its owner,
its field and the key version as associated data: a value copied to another row or column does not open.
The keys are made on first use in the data folder, readable by the service's account only.
"""

import base64
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12
VERSION = 2


class CannotOpen(Exception):
    """A sealed value was altered, moved, or sealed with a key this installation does not have."""


@dataclass(frozen=True)
class Keys:
    """The keys of one installation: sealing keys by version, and the one key of all digests."""

    current: int
    sealing: dict[int, AESGCM]
    digest: bytes


def seal(text: str, *, owner: UUID | str | int, field: str) -> bytes:
    """Return the text sealed for this owner and field."""
    return seal_bytes(text.encode(), owner=owner, field=field)


def unseal(sealed: bytes | memoryview, *, owner: UUID | str | int, field: str) -> str:
    """Return the text sealed for this owner and field; raise CannotOpen when it is not that."""
    return unseal_bytes(sealed, owner=owner, field=field).decode()


def seal_bytes(data: bytes, *, owner: UUID | str | int, field: str) -> bytes:
    """Return the bytes (an uploaded file, say) sealed for this owner and field."""
    keys = _keys()
    nonce = os.urandom(NONCE)
    sealed = keys.sealing[keys.current].encrypt(nonce, data, _bound_to(owner, field, keys.current))
    return keys.current.to_bytes(VERSION, "big") + nonce + sealed


def unseal_bytes(sealed: bytes | memoryview, *, owner: UUID | str | int, field: str) -> bytes:
    """Return the bytes sealed for this owner and field; raise CannotOpen when they are not those."""
    sealed = bytes(sealed)
    version = int.from_bytes(sealed[:VERSION], "big")
    key = _keys().sealing.get(version)
    if key is None:
        raise CannotOpen(f"no sealing key of version {version}")
    nonce, body = sealed[VERSION : VERSION + NONCE], sealed[VERSION + NONCE :]
    try:
        return key.decrypt(nonce, body, _bound_to(owner, field, version))
    except (InvalidTag, ValueError) as fault:
        raise CannotOpen(f"the sealed {field} was altered or belongs elsewhere") from fault


def digest(number: str) -> str:
    """Return the look-up digest of a whole normalised number: HMAC-SHA256, 64 hexadecimal characters."""
    return _hmac("number", number)


def tail_digest(number: str) -> str:
    """Return the look-up digest of the last four characters of a number."""
    return _hmac("tail", number[-4:])


def _hmac(field: str, text: str) -> str:
    return hmac.digest(_keys().digest, f"{field}:{text}".encode(), "sha256").hex()


def _bound_to(owner: UUID | str | int, field: str, version: int) -> bytes:
    return f"{owner}/{field}/{version}".encode()


def _keys() -> Keys:
    return _load(str(settings.TUIGUAN_DATA))


@lru_cache(maxsize=4)
def _load(data: str) -> Keys:
    path = Path(data) / "keys" / "vault.json"
    if not path.exists():
        _make(path)
    stored = json.loads(path.read_text())
    return Keys(
        current=stored["current"],
        sealing={int(v): AESGCM(base64.b64decode(key)) for v, key in stored["sealing"].items()},
        digest=base64.b64decode(stored["digest"]),
    )


def _make(path: Path) -> None:
    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    keep(path, json.dumps({"current": 1, "sealing": {"1": key()}, "digest": key()}).encode())


def keep(path: Path, content: bytes) -> None:
    """Write a key's file unless another process was quicker: whoever links the file first wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
