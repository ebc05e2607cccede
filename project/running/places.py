"""Where the embedded PostgreSQL keeps its things.

<data>/postgres/            the state folder, or a link to it where the server's user cannot reach <data>
    cluster/  socket/  log  lock  binaries/
"""

import hashlib
import os
import pwd
import secrets
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

DATABASE = "tuiguan"
# The kernel's limit for a socket's path is 107 bytes; the server adds `/.s.PGSQL.5432.lock`.
LONGEST_SOCKET_FOLDER = 85
# Where a server started by root lives when its unprivileged user cannot enter the data folder.
REACHABLE = Path("/var/lib/tuiguan")


def socket_folder(data: Path) -> Path:
    """Return the folder of the server's socket: in the state folder, unless its path is too long."""
    folder = (data / "postgres").resolve() / "socket"
    if len(str(folder).encode()) <= LONGEST_SOCKET_FOLDER:
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tuiguan-{os.getuid()}-{digest}"


def database_url(data: Path, role: str, name: str = DATABASE) -> str:
    """Return the address of the embedded database for one of its roles."""
    return f"postgres://{role}@/{name}?host={quote(str(socket_folder(data)))}"


def server_user() -> dict:
    """Return how to start a process as the server's user: ourselves, or an unprivileged one for root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise SystemExit("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'.")


def runs(user: dict, *command: str) -> bool:
    """Say whether a command succeeds for the server's user."""
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **user)
    except OSError:
        return False
    return done.returncode == 0


def own_folder(path: Path, user: dict, *, mode: int) -> Path:
    """Make a folder that belongs to the server's user."""
    path.mkdir(exist_ok=True)
    if user:
        os.chown(path, user["user"], user["group"])
    path.chmod(mode)
    return path


def state_folder(data: Path) -> Path:
    """Return the state folder, made where the server's user can reach it; nobody else's folder is opened."""
    link = data / "postgres"
    user = server_user()
    if not link.is_symlink():
        data.mkdir(parents=True, exist_ok=True)
        link.mkdir(exist_ok=True)
        link.chmod(0o711)
        if runs(user, "test", "-x", f"{link}/."):
            return link
        link.rmdir()
        REACHABLE.mkdir(parents=True, exist_ok=True)
        REACHABLE.chmod(0o755)
        link.symlink_to(REACHABLE / secrets.token_hex(8))
    home = link.resolve()
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    return home
