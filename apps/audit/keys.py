"""The key that signs seals, and the public keys that they are checked with: files outside the database."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _


class SealKeyMissing(Exception):
    """There are seals, but the key that signs them is gone; the message says what to do."""


def signing_key(*, fresh: bool) -> Ed25519PrivateKey:
    """Return the signing key, made where `fresh` allows it; raises SealKeyMissing otherwise."""
    path = _folder() / "seal"
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    except FileNotFoundError:
        if not fresh:
            raise SealKeyMissing(
                _(
                    "已有封印，但签名密钥 %(path)s 不见了。请从备份恢复；"
                    "确已丢失时用 audit_seal --new-key 另立新钥。"
                )
                % {"path": path}
            ) from None
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, key.private_bytes_raw().hex(), os.O_EXCL)
    _write(_folder() / "seal.pub", public_name(key), os.O_APPEND)
    return key


def public_name(key: Ed25519PrivateKey) -> str:
    """Return the public key in hexadecimal, by which a seal names its signer."""
    return key.public_key().public_bytes_raw().hex()


def public_keys() -> dict[str, Ed25519PublicKey]:
    """Return the public keys that this installation has signed with, by name."""
    try:
        names = (_folder() / "seal.pub").read_text("ascii").split()
    except FileNotFoundError:
        return {}
    return {name: Ed25519PublicKey.from_public_bytes(bytes.fromhex(name)) for name in names}


def signed(key: Ed25519PublicKey, signature: str, text: bytes) -> bool:
    """Say whether the signature over the text is by the holder of this key."""
    try:
        key.verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _folder() -> Path:
    return Path(settings.TUIGUAN_DATA) / "keys"


def _write(path: Path, text: str, flag: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
