"""Which job a worker was at when it was killed: written to a file, because the database has forgotten it.

A job that takes its worker with it (memory, a crash in a library) would otherwise be tried for ever.
"""

import fcntl
import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings

SUFFIX, WIDTH = ".job", 20


@contextmanager
def noted(job: int):
    """Have the file say that this process is at a job; a killed process leaves it so."""
    file = _own(_folder(), os.getpid())
    os.pwrite(file, f"{job:<{WIDTH}}".encode(), 0)
    try:
        yield
    finally:
        os.pwrite(file, b" " * WIDTH, 0)


def left_behind() -> list[int]:
    """The jobs that processes of this machine were at when they were killed; each is told once."""
    found = []
    for path in _folder().glob(f"*{SUFFIX}"):
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue  # whose file it is lives
            if text := file.read().strip():
                found.append(int(text))
            path.unlink(missing_ok=True)
    return found


def _folder() -> Path:
    folder = settings.TUIGUAN_DATA / "workers"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@cache
def _own(folder: Path, pid: int) -> int:
    """This process's file, open and locked for as long as it lives."""
    file = os.open(folder / f"{pid}{SUFFIX}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file
