"""The demo: database, tables, town, web server, worker and scheduler under one supervisor.

Started by `make demo`. Ctrl-C or SIGTERM stops everything it started; what dies meanwhile is started again.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from project import environment
from project.running.children import start_child
from project.running.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
MANAGE = [sys.executable, str(ROOT / "manage.py")]
CELERY = [sys.executable, "-m", "celery", "--quiet", "--app=project"]
# Solo: one process is enough for a town, and half of what a pool of one takes; we start it anew ourselves.
ALONE = ["--pool=solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
WORKER = [*CELERY, "worker", *ALONE, "--loglevel=WARNING"]
SCHEDULER = [*CELERY, "beat", "--pidfile=", "--loglevel=WARNING"]


class Stop(BaseException):
    """Somebody asked us to stop; a BaseException, so that nothing swallows it."""


def say(text: str) -> None:
    """Tell whoever listens; the demo goes on when nobody does any more (a closed terminal, a finished `head`)."""
    try:
        print(text, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Service:
    """A process that is kept alive, with growing pauses when it keeps dying."""

    def __init__(self, name: str, command: list[str], log: Path):
        self.name, self.command, self.log = name, command, log
        self.process: subprocess.Popen | None = None
        self.pause = 1.0
        self.started = self.not_before = 0.0

    def keep(self) -> None:
        """Start the process where it does not run, unless it died a moment ago."""
        if self.process is not None and self.process.poll() is None:
            return
        now = time.monotonic()
        if self.process is not None:
            lasted = now - self.started
            self.pause = 1.0 if lasted > PATIENCE else min(self.pause * 2, 30.0)
            say(f"{self.name} ended (code {self.process.returncode}); see {self.log}")
            self.process, self.not_before = None, now + self.pause
        if now >= self.not_before:
            self.started = now
            if self.log.exists() and self.log.stat().st_size > 10_000_000:
                self.log.replace(self.log.with_suffix(".old"))
            with self.log.open("ab") as log:
                self.process = spawn(self.command, stdout=log, stderr=log)

    def end(self) -> None:
        """Ask the process to end; insist after a while."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def spawn(command: list[str], *, stdout: IO[bytes], stderr: IO[bytes], **extra: str) -> subprocess.Popen:
    """Start one of our own processes."""
    env = os.environ | {"PYTHONUTF8": "1"} | extra
    return start_child(command, stdout=stdout, stderr=stderr, at_our_end=signal.SIGTERM, cwd=ROOT, env=env)


class Demo:
    """Everything the demo runs, in the order it starts."""

    def __init__(self) -> None:
        self.port = environment.number("PORT", 8000, least=1, most=65535)
        self.bind = environment.text("TUIGUAN_BIND", "127.0.0.1")
        self.data = environment.data_folder()
        self.logs = self.data / "logs"
        self.logs.mkdir(exist_ok=True)
        self.cluster = None if environment.text("DATABASE_URL") else Cluster(self.data)
        workers = environment.number("WEB_WORKERS", 2, least=1, most=64)
        web = [sys.executable, "-m", "gunicorn", "--config=python:project.running.web", "project.wsgi"]
        web += [f"--bind={self.bind}:{self.port}", f"--workers={workers}"]
        self.services = [
            Service("The web server", web, self.logs / "web.log"),
            Service("The worker", WORKER, self.logs / "worker.log"),
            Service("The scheduler", SCHEDULER, self.logs / "scheduler.log"),
        ]

    def run(self, *, reset: bool) -> None:
        """Start everything, say so, watch over it until somebody asks us to stop; stop in order."""
        began = time.monotonic()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        try:
            self._refuse_taken_port()
            if self.cluster:
                self.cluster.start()
            accounts = self._prepare(reset=reset)
            self._keep_until_answering()
            took = time.monotonic() - began
            say(f"Tuiguan is ready at http://{self.bind}:{self.port} after {took:.0f} s; Ctrl-C stops it.")
            say(accounts)
            while True:
                self._keep()
                time.sleep(0.5)
        except Stop:
            say("Stopping ...")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._end()

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.bind, self.port))
            except OSError as error:
                raise SystemExit(
                    f"Cannot answer at {self.bind}:{self.port} ({error.strerror}): choose another PORT=."
                ) from None

    def _prepare(self, *, reset: bool) -> str:
        """Make the database ready; return the table of accounts."""
        prepare = [sys.executable, "-m", "project.running.prepare"]
        for step in ["reset"] * reset + ["migrate"]:
            self._do([*prepare, step], "prepare", TUIGUAN_AS_OWNER="yes")
        return self._do([*prepare, "fill"], "prepare", TUIGUAN_AS_OWNER="no")

    def _do(self, command: list[str], name: str, **extra: str) -> str:
        """Run a command to its end and return what it printed; what it complains goes to a log."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as errors, tempfile.TemporaryFile() as printed:
            process = spawn(command, stdout=printed, stderr=errors, **extra)
            try:
                code = process.wait()
            except Stop:
                process.terminate()
                process.wait(PATIENCE)
                raise
            printed.seek(0)
            said = printed.read().decode()
        if code:
            complaint = said + log.read_text(errors="replace")
            raise SystemExit(f"{complaint.strip()}\n`{' '.join(command[1:])}` failed ({code}); see {log}")
        return said

    def _keep(self) -> None:
        if self.cluster and not self.cluster.running():
            say("The database ended; starting it again.")
            self.cluster.start()
        for service in self.services:
            service.keep()

    def _keep_until_answering(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._keep()
            if self._answers():
                return
            time.sleep(0.1)
        raise SystemExit(f"The web server does not answer; see {self.logs}/web.log")

    def _answers(self) -> bool:
        call = http.client.HTTPConnection(self.bind, self.port, timeout=5)
        try:
            call.request("GET", "/")
            return call.getresponse().status < 500
        except OSError:
            return False
        finally:
            call.close()

    def _end(self) -> None:
        """Stop what serves and works, seal what happened since the last seal, stop the database."""
        for service in self.services:
            service.end()
        if any(service.started for service in self.services):
            try:
                self._do([*MANAGE, "audit_seal"], "seal")
            except SystemExit as error:
                say(f"The last seal was not taken: {error}")
        if self.cluster:
            self.cluster.stop()


def _stop(_number, _frame) -> None:
    raise Stop


if __name__ == "__main__":
    Demo().run(reset="--reset" in sys.argv)
