"""The restore drill: a folder damaged at random, put back; at most the last minute is lost, and it is named."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import settings

from project.running import archive
from project.running.places import DATABASE, database_url
from project.running.postgres import CannotStart, Cluster

ACT = """
from apps.audit import seals
from apps.audit.streams import record
from apps.organisations.models import User
user, _new = User.objects.get_or_create(username="drill", defaults={"name": "演练"})
record(user, "drill", reason="%s")
seals.take()
"""
PATIENCE = 60


def manage(data, *command, **variables):
    """Run a command as an operator does, on the installation in this folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, command)],
        env=env | {"TUIGUAN_DATA": str(data)} | variables, cwd=settings.BASE_DIR, capture_output=True, text=True,
    )  # fmt: skip


def done(answer):
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def installation():
    """An installation of its own that was backed up once, with its server running."""
    data = Path(tempfile.mkdtemp(prefix="tg-"))
    data.chmod(0o755)
    cluster = Cluster(data)
    cluster.start()
    try:
        done(manage(data, "migrate"))
        done(manage(data, "shell", "-c", ACT % "before the backup"))
        assert "--keys-to" in done(manage(data, "backup"))
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(data)


def backups(cluster):
    return cluster.home / "backups"


def ask(cluster, sql, *given, user="postgres", database="postgres"):
    with closing(cluster.connect(user=user, database=database)) as connected, connected.cursor() as cursor:
        connected.autocommit = True
        cursor.execute(sql, given)
        return cursor.fetchone()[0] if cursor.description else None


def told(cluster, reason):
    sql = "SELECT count(*) FROM audit_event WHERE reason = %s"
    return ask(cluster, sql, reason, user="tuiguan_auditor", database=DATABASE)


def a_minute_passes(cluster):
    """Let the server finish the piece of its log, as it does after a minute, and wait until it is kept."""
    assert ask(cluster, "SHOW archive_timeout") == "1min"
    piece = ask(cluster, "SELECT pg_walfile_name(pg_switch_wal())")
    deadline = time.monotonic() + PATIENCE
    while not (archive.link(cluster.home) / f"{piece}.gz").exists():
        assert time.monotonic() < deadline, f"{piece} was not kept"
        time.sleep(0.05)


def kill(cluster):
    cluster.process.kill()
    cluster.process.wait()
    with suppress(CannotStart):
        cluster.hold()  # which ends what the killed server left
    cluster.stop()


def damage(folder, chance):
    """Delete, cut short or scribble over files of a cluster, its log and its catalogue among them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    log = [path for path in files if path.parent.name == "pg_wal"]
    for path in {*chance.sample(files, 40), chance.choice(log), folder / "global" / "pg_control"}:
        size = path.stat().st_size
        match chance.choice(["delete", "truncate", "flip"]):
            case "delete":
                path.unlink()
            case "truncate":
                os.truncate(path, chance.randrange(size))
            case "flip":
                with path.open("r+b") as file:
                    for _ in range(20):
                        file.seek(chance.randrange(size))
                        file.write(chance.randbytes(1))


@pytest.mark.parametrize("seed", [1, 2, None], ids=["1", "2", "all of it"])
def test_a_damaged_cluster_is_put_back_and_what_is_lost_is_named(installation, seed):
    cluster, data = installation, installation.data
    kept, fresh = f"kept {seed}", f"fresh {seed}"
    done(manage(data, "shell", "-c", ACT % kept))
    a_minute_passes(cluster)
    done(manage(data, "shell", "-c", ACT % fresh))
    last_line = (data / "seals.jsonl").read_text().splitlines()[-1]
    kill(cluster)
    if seed is None:
        shutil.rmtree(cluster.folder)
    else:
        damage(cluster.folder, random.Random(seed))

    said = done(manage(data, "restore", backups(cluster), "--reason", f"演练 {seed}"))

    cluster.start()
    assert told(cluster, kept) == 1
    report = json.loads(done(manage(data, "audit_verify", "--json")))
    restore = report["restores"][-1]
    assert (report["findings"], restore["reason"]) == ([], f"演练 {seed}")
    assert f"演练 {seed}" in said
    # The last minute: there, or named by the seal that knew it.
    lost = not told(cluster, fresh)
    assert restore["lost"] == lost
    assert restore["lost_until"] == (json.loads(last_line)["taken_at"] if lost else "")
    assert restore["events"] >= lost
    assert lost or seed is not None
    assert last_line in (data / "seals.jsonl").read_text()


def test_a_second_backup_forgets_the_first_and_the_log_before_it(installation, tmp_path):
    cluster, data = installation, installation.data
    before = set(archive.link(cluster.home).iterdir())
    [first] = backups(cluster).glob("2*")
    a_minute_passes(cluster)
    time.sleep(1.1 - time.time() % 1)  # backups are named by the second

    done(manage(data, "backup", "--keep", 1, "--keys-to", tmp_path / "keys"))

    [second] = backups(cluster).glob("2*")
    assert second.name > first.name
    assert len(before & set(archive.link(cluster.home).iterdir())) < len(before)
    assert (tmp_path / "keys" / "seal").read_text() == (data / "keys" / "seal").read_text()


def test_nothing_is_restored_under_a_running_server(installation):
    answer = manage(installation.data, "restore", backups(installation), "--reason", "x")
    assert answer.returncode == 1
    assert "in use by process" in answer.stderr
    assert installation.running()


def test_a_restore_that_fails_leaves_everything_as_it_was(installation, tmp_path):
    cluster, data = installation, installation.data
    chosen = max(backups(cluster).glob("2*"))
    broken = tmp_path / "broken" / chosen.name
    shutil.copytree(chosen, broken)
    os.truncate(broken / "base.tar.gz", 100_000)
    cluster.stop()
    before = {path.name for path in cluster.home.iterdir()}

    answer = manage(data, "restore", broken, "--reason", "x")

    assert (answer.returncode, "pg_verifybackup failed" in answer.stderr) == (1, True)
    assert {path.name for path in cluster.home.iterdir()} == before
    cluster.start()
    assert told(cluster, "before the backup") == 1


def test_no_empty_cluster_takes_the_place_of_a_damaged_one(installation):
    cluster = installation
    cluster.stop()
    (cluster.folder / "PG_VERSION").rename(cluster.home / "kept")
    with pytest.raises(CannotStart, match="restore"):
        cluster.start()
    cluster.stop()
    (cluster.home / "kept").rename(cluster.folder / "PG_VERSION")
    cluster.start()


def test_a_server_of_your_own_is_dumped_and_restored_into_an_empty_database(installation, tmp_path):
    def at(name):
        urls = {"DATABASE_OWNER_URL": "tuiguan_owner", "DATABASE_URL": "tuiguan_app"}
        return {key: database_url(installation.data, role, name) for key, role in urls.items()}

    for name in ("mine", "empty"):
        ask(installation, f"CREATE DATABASE {name} OWNER tuiguan_owner")
    done(manage(tmp_path, "migrate", **at("mine")))
    done(manage(tmp_path, "shell", "-c", ACT % "kept", **at("mine")))
    done(manage(tmp_path, "backup", "--to", tmp_path / "backups", **at("mine")))
    done(manage(tmp_path, "shell", "-c", ACT % "lost", **at("mine")))

    back = "restore", tmp_path / "backups", "--reason", "演练"
    assert manage(tmp_path, *back, **at("mine")).returncode == 1  # not over what is there
    done(manage(tmp_path, *back, **at("empty")))

    report = json.loads(done(manage(tmp_path, "audit_verify", "--json", **at("empty"))))
    assert (report["findings"], report["restores"][0]["lost"], report["restores"][0]["events"]) == ([], 1, 1)
    done(manage(tmp_path, "shell", "-c", ACT % "after", **at("empty")))  # with the application's rights
    done(manage(tmp_path, "audit_verify", **at("empty")))
