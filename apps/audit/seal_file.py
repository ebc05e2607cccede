"""The seals outside the database: one JSON line each, in a file that is only ever appended to."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def place() -> Path:
    """Return where the file is."""
    return Path(settings.TUIGUAN_DATA) / "seals.jsonl"


@contextmanager
def held(*, shared: bool = False) -> Iterator[None]:
    """Keep other sealers out, so that the file and the database are looked at as one."""
    path = place().with_suffix(".lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def add(line: str) -> None:
    """Append a line and wait until the disk has it."""
    descriptor = os.open(place(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A line that a crash cut short stays as it is; the next one must not run into it.
        torn = os.fstat(descriptor).st_size > 0 and not _ends_a_line()
        os.write(descriptor, (("\n" if torn else "") + line + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def size() -> int:
    """Return how long the file is, in bytes."""
    try:
        return place().stat().st_size
    except FileNotFoundError:
        return 0


def lines(until: int) -> Iterator[tuple[int, str]]:
    """Give each line's seal number and text, up to a length in bytes; what cannot be read has number 0."""
    if not until:
        return
    with place().open("rb") as file:
        while file.tell() < until and (raw := file.readline()):
            text = raw.decode(errors="replace").rstrip("\n")
            yield _number(text), text


def last_number() -> int:
    """Return the number of the seal in the last line that can be read, 0 when there is none."""
    try:
        with place().open("rb") as file:
            file.seek(max(0, size() - 4096))
            tail = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return 0
    return next(filter(None, map(_number, reversed(tail))), 0)


def _number(text: str) -> int:
    try:
        number = json.loads(text)["number"]
    except (ValueError, KeyError, TypeError):
        return 0
    return number if isinstance(number, int) else 0


def _ends_a_line() -> bool:
    with place().open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
