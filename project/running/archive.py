"""Keeping the embedded server's log: each finished piece is copied to the backups within a minute.

<home>/archive is a link to the folder of the backups that takes them; without it nothing is kept. `backup` makes it.
"""

import shlex
from pathlib import Path

MOST_LOST = 60  # seconds: a piece of the log is finished then, full or not


def link(home: Path) -> Path:
    """Return the link to the folder that takes the log."""
    return home / "archive"


def settings(home: Path) -> dict[str, str]:
    """Return what tells a server to keep its log; where the link leads nowhere it fails and is tried again."""
    place = _quoted(link(home))
    copy = f"gzip -c %p > {place}/%f.new && sync {place}/%f.new && mv {place}/%f.new {place}/%f.gz"
    return {
        "archive_mode": "on",
        "archive_timeout": str(MOST_LOST),
        "archive_command": f"test ! -h {place} || ({copy})",
    }


def replaying(folder: Path) -> dict[str, str]:
    """Return what tells a server to replay a kept log, without keeping what it writes meanwhile."""
    piece = f"{_quoted(folder)}/%f.gz"
    return {"restore_command": f"test -f {piece} && gunzip -c {piece} > %p", "archive_mode": "off"}


def _quoted(path: Path) -> str:
    return shlex.quote(str(path)).replace("%", "%%")
