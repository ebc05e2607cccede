"""Backups: the database, the uploads and the seals in a folder of their own; the keys apart from them.

<to>/2026-11-25T031700Z/   base.tar.gz + backup_manifest (embedded) or database.dump (a server of your own),
                           uploads/, seals.jsonl
<to>/log-<cluster>/        the embedded server's log since then, added to within a minute
<to>/keys/                 unless they go elsewhere
"""

import json
import os
import re
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from project.running import archive
from project.running.places import own_folder, runs, socket_folder
from project.running.postgres import ENVIRONMENT, Cluster

BASE, MANIFEST, DUMP = "base.tar.gz", "backup_manifest", "database.dump"
PIECE = 16 * 1024 * 1024  # of the log


class BackupFailed(Exception):
    """Nothing was backed up; the message says why."""


def take(to: Path, data: Path, *, keys_to: Path, keep: int, embedded: bool) -> Path:
    """Take a backup, forget all but the newest `keep`, and return the new one's folder.

    It gets its name when it is whole; an interrupted one leaves a draft that the next one removes.
    """
    to.mkdir(mode=0o711, parents=True, exist_ok=True)
    draft = to / ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    cluster = Cluster(data) if embedded else None
    if cluster:
        log = keep_log(cluster, to)
        _base(cluster, draft)
    else:
        _dump(draft)
    # After the database: it may not know of a file or a seal that is missing here.
    for name in ("uploads", "seals.jsonl"):
        copy(data / name, draft / name)
    keys_to.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy(data / "keys", keys_to)
    done = to / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    draft.rename(done)
    for old in backups(to)[:-keep]:
        shutil.rmtree(old)
    if cluster:
        run(cluster.binaries() / "pg_archivecleanup", "-x", ".gz", log, _first_piece(to, log))
    return done


def backups(folder: Path) -> list[Path]:
    """Return the whole backups in a folder, oldest first."""
    return sorted(path for path in folder.glob("????-??-??T??????Z") if path.is_dir())


def keep_log(cluster: Cluster, to: Path) -> Path:
    """Have the running server's log kept among the backups from now on; return where."""
    with closing(cluster.connect()) as connected, connected.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        folder = own_folder(to / f"log-{cursor.fetchone()[0]}", cluster.user, mode=0o700)
    if not runs(cluster.user, "test", "-w", f"{folder}/."):
        raise BackupFailed(
            f"The database's user cannot write in {folder}: choose a folder that it can reach."
        )
    link = archive.link(cluster.home)
    if not link.is_symlink() or link.resolve() != folder.resolve():
        draft = link.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.symlink_to(folder.resolve())
        draft.replace(link)
    return folder


def _base(cluster: Cluster, draft: Path) -> None:
    """Copy the cluster as it runs, with the log that makes it whole, and check the copy."""
    server = ["--host", str(socket_folder(cluster.data)), "--username", "postgres"]
    how = ["--format=tar", "--gzip", "--wal-method=fetch", "--checkpoint=fast"]
    run(cluster.binaries() / "pg_basebackup", *server, *how, "--pgdata", draft)
    check(cluster, draft)


def check(cluster: Cluster, backup: Path) -> None:
    """Compare a backup of the embedded server with its manifest; raise BackupFailed where they differ."""
    beside = ["--ignore=uploads", "--ignore=seals.jsonl"]
    run(cluster.binaries() / "pg_verifybackup", "--no-parse-wal", *beside, backup)


def _dump(draft: Path) -> None:
    run(program("pg_dump"), "--format=custom", "--file", draft / DUMP, env=server_environment())


def server_environment() -> dict[str, str]:
    """Return how PostgreSQL's programs find a server of your own; a password on a command line is everybody's."""
    facts = connection.settings_dict
    names = ("HOST", "PORT", "USER", "PASSWORD")
    found = {f"PG{name}": str(facts[name]) for name in names if facts[name]} | {"PGDATABASE": facts["NAME"]}
    found |= {f"PG{key.upper()}": value for key, value in facts["OPTIONS"].items() if key.startswith("ssl")}
    return ENVIRONMENT | found


def program(name: str) -> Path:
    """Return one of PostgreSQL's programs: the machine's where it is not older than the server, else the wheel's."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    if found := shutil.which(name):
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(re.search(r"\) (\d+)", said)[1]) >= server:
            return Path(found)
    return Cluster.package() / "pginstall" / "bin" / name


def log_of(backup: Path) -> Path:
    """Return where the log that follows a backup is kept."""
    return backup.parent / f"log-{_manifest(backup)['System-Identifier']}"


def _manifest(backup: Path) -> dict:
    return json.loads((backup / MANIFEST).read_text())


def _first_piece(to: Path, log: Path) -> str:
    """Return the piece of a log with which the oldest backup that it follows begins."""
    oldest = next(backup for backup in backups(to) if log_of(backup) == log)
    [first, *_] = _manifest(oldest)["WAL-Ranges"]
    high, low = (int(half, 16) for half in first["Start-LSN"].split("/"))
    return f"{first['Timeline']:08X}{high:08X}{low // PIECE:08X}"


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder, where there is one."""
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        shutil.copy2(source, target)


def run(*command: os.PathLike | str, env: dict[str, str] = ENVIRONMENT) -> None:
    """Run one of PostgreSQL's programs to its end; raise BackupFailed with what it complains."""
    done = subprocess.run([*map(str, command)], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
