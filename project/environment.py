"""Reads settings from the environment and refuses nonsense with a sentence that says what to do."""

import os
import re
import secrets
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
# Commands that change or describe the schema, or carry it off and back: only the owner's role may.
SCHEMA_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "backup", "restore"}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class MailServer(NamedTuple):
    """A mail server and how to sign in to it."""

    host: str
    port: int
    user: str
    password: str
    scheme: str


def text(name: str, default: str = "") -> str:
    """Return a variable without the blanks around it."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    """Return a yes-or-no variable."""
    word = text(name, "yes" if default else "no").lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ImproperlyConfigured(f"{name} is {word!r}: write yes or no.")


def choice(name: str, default: str, among: set[str]) -> str:
    """Return one of the words a variable may hold."""
    word = text(name) or default
    if word not in among:
        raise ImproperlyConfigured(f"{name} is {word!r}: write one of {', '.join(sorted(among))}.")
    return word


def number(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number between `least` and `most`."""
    word = text(name) or str(default)
    try:
        value = int(word)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {word!r}: write a whole number.") from None
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} is {value}: it must lie between {least} and {most}.")
    return value


def hosts(name: str, default: str) -> list[str]:
    """Return the host names the site answers to."""
    names = [part.strip() for part in (text(name) or default).split(",") if part.strip()]
    for host in names:
        if "/" in host or " " in host:
            raise ImproperlyConfigured(f"{name} holds {host!r}: write host names only, separated by commas.")
        if host == "*":
            raise ImproperlyConfigured(
                f"{name} is '*': name the hosts, or anybody may pretend to be this site."
            )
    return names


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder, made on first use and closed to other users."""
    path = Path(text(name) or default).expanduser()
    if not path.is_absolute():
        raise ImproperlyConfigured(f"{name} is {str(path)!r}: write an absolute path.")
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name} is {str(path)!r}, which is a file: name a folder.")
    try:
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: cannot make {str(path)!r} ({error.strerror}).") from error
    return path


def _split(name: str, url: str) -> tuple[SplitResult, int | None]:
    """Return the parts of an address and its port."""
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}.") from error


def address(name: str, default: str) -> str:
    """Return the address people reach the site at, without a slash at its end."""
    url = (text(name) or default).rstrip("/")
    parts, _port = _split(name, url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} is {url!r}: write https://host and nothing after it.")
    return url


def mailbox(name: str, default: str) -> str:
    """Return the address that mail comes from."""
    box = text(name) or default
    if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", box):
        raise ImproperlyConfigured(f"{name} is {box!r}: write one address, as tuiguan@example.cn.")
    return box


def mail_server(name: str) -> MailServer | None:
    """Return the server that takes our mail; None where none is named."""
    url = text(name)
    if not url:
        return None
    parts, port = _split(name, url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} names no mail server: write smtp://host, smtp+tls://user:password@host or "
            "smtps://user:password@host, with :port where it is not the usual one."
        )
    if parts.username and parts.scheme == "smtp":
        raise ImproperlyConfigured(f"{name} would send a password in clear: write smtp+tls:// or smtps://.")
    return MailServer(
        host=parts.hostname,
        port=port or MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        scheme=parts.scheme,
    )


def data_folder() -> Path:
    """Return the folder of all that an installation keeps."""
    return folder("TUIGUAN_DATA", Path(__file__).resolve().parent.parent / ".tuiguan")


def database(name: str, url: str) -> dict:
    """Return Django's description of the PostgreSQL database an address names.

    A server behind a socket is written `postgres://user@/name?host=/folder`.
    """
    parts, port = _split(name, url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{name} begins with {parts.scheme or 'nothing'!r}: only PostgreSQL is supported "
            "(postgres://user:password@host:5432/name)."
        )
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    if not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} names no database (postgres://user:password@host:5432/name).")
    if not parts.username:
        raise ImproperlyConfigured(f"{name} names no user (postgres://user:password@host:5432/name).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or query.pop("port", "")),
        "OPTIONS": query,
    }


def kept_secret(path: Path, *, size: int = 50) -> str:
    """Return the secret in a file only its owner may read; make it on first use."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(size))
        try:
            os.link(draft, path)  # several processes may start at once: the first secret stays
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def secret(name: str, path: Path) -> str:
    """Return a secret from the environment, else the one kept in the data folder."""
    value = text(name) or kept_secret(path)
    if len(value) < 40 or len(set(value)) < 10:
        raise ImproperlyConfigured(f"{name} is too short or too plain: use 40 random characters or more.")
    return value


def log_level() -> str:
    """Return from which level on a line is logged."""
    return choice("TUIGUAN_LOG_LEVEL", "WARNING", {"DEBUG", "INFO", "WARNING", "ERROR"})


def acts_as_owner() -> bool:
    """Say whether this process needs the role that owns the tables: schema commands, tests, on request."""
    schema_command = len(sys.argv) > 1 and sys.argv[1] in SCHEMA_COMMANDS
    return "pytest" in sys.modules or schema_command or flag("TUIGUAN_AS_OWNER", default=False)
