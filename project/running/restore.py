"""Restores: a backup and the log kept since, into a new cluster that takes the place of the damaged one at the end.

The damaged cluster is moved aside, never changed; keys, seals and uploads that are still there are not touched.
"""

import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from project.running import archive, backup
from project.running.backup import BASE, DUMP, PIECE, BackupFailed, log_of
from project.running.places import runs
from project.running.postgres import RESTORED, CannotStart, Cluster

_PIECE = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
DAY = 86_400


@contextmanager
def restored(chosen: Path, data: Path, *, keys: Path | None, embedded: bool) -> Iterator[datetime | None]:
    """Put the database and what belongs to it back, and have it running for the block.

    Gives the moment of the last transaction that was replayed, None where the backup had no log.
    """
    source = chosen if (chosen / BASE).exists() or (chosen / DUMP).exists() else _newest(chosen)
    keys = keys or source.parent / "keys"
    _bring_back_files(source, data, keys)
    if embedded:
        with _cluster_from(source, Cluster(data)) as last:
            yield last
    else:
        backup.run(
            backup.program("pg_restore"),
            *("--no-owner", "--no-privileges", "--single-transaction", "--dbname="),
            source / DUMP,
            env=backup.server_environment(),
        )
        yield None


def _newest(folder: Path) -> Path:
    there = backup.backups(folder)
    if not there:
        raise BackupFailed(f"There is no backup in {folder}.")
    return there[-1]


def _bring_back_files(source: Path, data: Path, keys: Path) -> None:
    """Put back what is missing of keys, seals and uploads; what is there is newer than the backup."""
    sealed = (source / "seals.jsonl").exists()
    if sealed and not (data / "keys" / "seal").exists() and not (keys / "seal").exists():
        raise BackupFailed(
            f"The keys are missing in {data / 'keys'} and in {keys}: --keys names where they are."
        )
    for folder, target in ((keys, data / "keys"), (source / "uploads", data / "uploads")):
        for path in folder.rglob("*") if folder.is_dir() else ():
            kept = target / path.relative_to(folder)
            if path.is_file() and not kept.exists():
                kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copy2(path, kept)
    if not (data / "seals.jsonl").exists():
        backup.copy(source / "seals.jsonl", data / "seals.jsonl")


@contextmanager
def _cluster_from(source: Path, cluster: Cluster) -> Iterator[datetime | None]:
    """Run the cluster that a backup and its log make, in the place of the present one.

    Checks the backup, takes the folder, unpacks beside it, replays the kept log and what is left of the damaged
    cluster's own (without that where it is too damaged), moves the damaged one aside, and starts what is restored.
    """
    backup.check(cluster, source)
    _refuse_closed_log(log_of(source), cluster)
    cluster.hold()
    place, draft, usual = cluster.folder, cluster.home / RESTORED, cluster.settings
    _undo_half_a_swap(place, draft)
    cluster.folder, cluster.settings = draft, usual | archive.replaying(log_of(source))
    cluster.patience = DAY
    try:
        try:
            last = _replay(source, cluster, leftover=place / "pg_wal")
        except CannotStart:
            last = _replay(source, cluster, leftover=None)
        if place.exists():
            place.rename(place.with_name(f"cluster.damaged-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"))
        cluster.folder, cluster.settings = draft.rename(place), usual
        cluster.start()
        yield last
    finally:
        cluster.stop()


def _refuse_closed_log(log: Path, cluster: Cluster) -> None:
    """A log that the server cannot read would count as none, and everything since the backup as lost."""
    for path in (log, *sorted(log.glob("*.gz"))[-1:]):
        if path.exists() and not runs(cluster.user, "test", "-r", str(path)):
            raise BackupFailed(
                f"The database's user cannot read {path}: give it to that user, or copy it elsewhere."
            )


def _undo_half_a_swap(place: Path, draft: Path) -> None:
    aside = sorted(place.parent.glob("cluster.damaged-*"))
    if draft.exists() and not place.exists() and aside:
        aside[-1].rename(place)


def _replay(source: Path, cluster: Cluster, *, leftover: Path | None) -> datetime | None:
    """Unpack a backup, replay its log to the end and stop; return the moment of the last transaction."""
    draft = cluster.folder
    cluster.end_server()
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    with tarfile.open(source / BASE) as base:
        base.extractall(draft, filter="data")
    if leftover:
        _salvage(leftover, draft / "pg_wal", log_of(source))
    (draft / "recovery.signal").touch()
    _hand_over(draft, cluster)
    cluster.start()
    with closing(cluster.connect()) as connected, connected.cursor() as cursor:
        cursor.execute("SELECT pg_last_xact_replay_timestamp()")
        [last] = cursor.fetchone()
    cluster.end_server()
    # The server keeps a piece's turn by itself, but not that of the branch it has just begun.
    for history in (draft / "pg_wal").glob("*.history"):
        (draft / "pg_wal" / "archive_status" / f"{history.name}.ready").touch()
    _hand_over(draft, cluster)
    return last


def _salvage(leftover: Path, target: Path, log: Path) -> None:
    """Take over the end of a damaged cluster's log: whole pieces not yet kept; replaying checks each record."""
    for piece in leftover.glob("*"):
        whole = piece.suffix == ".history" or piece.stat().st_size == PIECE
        kept = (target / piece.name).exists() or (log / f"{piece.name}.gz").exists()
        if _PIECE.fullmatch(piece.name) and whole and not kept:
            shutil.copy2(piece, target)


def _hand_over(folder: Path, cluster: Cluster) -> None:
    """Give a folder with all in it to the server's user."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if cluster.user:
            os.chown(path, cluster.user["user"], cluster.user["group"])
