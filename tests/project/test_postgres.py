"""The embedded database survives kills, and is sure of what is running."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from project.running import places
from project.running.postgres import CannotStart, Cluster

HOLDER = """
import sys, time
from pathlib import Path
from project.running.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def data():
    """A folder that the server's user can reach, as pytest's own cannot."""
    folder = Path(tempfile.mkdtemp(prefix="tg-"))
    folder.chmod(0o755)
    yield folder
    last = Cluster(folder)
    last.start()  # which ends the server of a killed supervisor
    last.stop()
    shutil.rmtree(folder)


@pytest.fixture
def cluster(data):
    cluster = Cluster(data)
    yield cluster
    cluster.stop()


@pytest.fixture
def supervisor(data):
    """Another process that runs the server, and the server's number."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process, int(process.stdout.readline())
        process.kill()


def rows(cluster: Cluster) -> int:
    with closing(cluster.connect(user="tuiguan_owner", database=places.DATABASE)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM kept")
        return cursor.fetchone()[0]


def keep_a_row(data: Path) -> None:
    with closing(Cluster(data).connect(user="tuiguan_owner", database=places.DATABASE)) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        cursor.execute("TRUNCATE kept")
        cursor.execute("INSERT INTO kept VALUES (1)")
        connection.commit()


def test_it_answers_only_through_its_socket(cluster, data):
    cluster.start()
    assert psutil.Process(cluster.process.pid).net_connections("inet") == []
    assert places.socket_folder(data).stat().st_mode & 0o777 == 0o700
    assert cluster.folder.stat().st_mode & 0o777 == 0o700


def test_it_never_runs_as_root(cluster):
    cluster.start()
    assert psutil.Process(cluster.process.pid).uids().real != 0


def test_chinese_names_can_be_searched_under_the_c_locale(cluster, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    cluster.start()
    with closing(cluster.connect(user="tuiguan_app", database=places.DATABASE)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT cardinality(show_trgm('王建国'))")
        assert cursor.fetchone() == (4,)


def test_after_a_killed_server_no_committed_row_is_lost(cluster, data):
    cluster.start()
    keep_a_row(data)
    cluster.process.kill()
    cluster.process.wait()
    assert not cluster.running()
    cluster.start()
    assert rows(cluster) == 1


def test_after_a_killed_supervisor_the_next_one_takes_over(supervisor, cluster, data):
    process, _server = supervisor
    keep_a_row(data)
    process.kill()
    process.wait()
    cluster.start()
    assert rows(cluster) == 1


def test_after_both_are_killed_at_once_the_next_start_recovers(supervisor, cluster, data):
    process, server = supervisor
    keep_a_row(data)
    os.kill(server, signal.SIGSTOP)  # it may not stop in order when its supervisor goes
    process.kill()
    os.kill(server, signal.SIGKILL)
    process.wait()
    cluster.start()
    assert rows(cluster) == 1


def test_two_supervisors_never_share_a_folder(supervisor, cluster):
    with pytest.raises(CannotStart, match="in use"):
        cluster.start()


def test_a_pid_file_with_a_strangers_number_is_not_believed(cluster):
    cluster.start()
    cluster.stop()
    (cluster.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.folder}\n1\n\n\n\n1 1\n")
    cluster.start()
    assert cluster.running()
    assert psutil.Process(os.getpid()).is_running()


def test_a_pid_file_with_a_zombies_number_is_not_believed(cluster):
    cluster.start()
    cluster.stop()
    zombie = subprocess.Popen(["true"])
    while psutil.Process(zombie.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    (cluster.folder / "postmaster.pid").write_text(f"{zombie.pid}\n{cluster.folder}\n1\n\n\n\n1 1\n")
    cluster.start()
    assert cluster.running()
    zombie.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_behind_a_closed_folder_the_state_moves_and_nobodys_folder_is_opened(tmp_path, data, monkeypatch):
    monkeypatch.setattr(places, "REACHABLE", data / "reachable")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = places.state_folder(closed)
    assert home.parent == data / "reachable"
    assert (closed / "postgres").resolve() == home
    assert closed.stat().st_mode & 0o777 == 0o700
    assert places.state_folder(closed) == home


def test_a_long_path_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("deep" * 30)
    assert len(str(places.socket_folder(deep))) <= places.LONGEST_SOCKET_FOLDER
