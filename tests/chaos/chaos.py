"""Makes acts through the web server while it, the worker, the scheduler and the database are killed by turns."""

import http.client
import os
import sys
import threading
import time
from itertools import cycle
from pathlib import Path

import psycopg2

from project.running.postgres import Cluster
from tests.chaos import counting

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600


class Chaos:
    """One run: what is kept alive, what is killed, and who goes on making acts."""

    victims = cycle(["worker", "database", "scheduler", "worker", "web"])

    def __init__(self, *, jobs: int, kills: int, port: int):
        from project.running.demo import SCHEDULER, WORKER, Service  # they inherit the environment we set

        self.jobs, self.kills, self.port = jobs, kills, port
        self.data = Path(os.environ["TUIGUAN_DATA"])
        self.cluster = Cluster(self.data)
        web = [sys.executable, "-m", "gunicorn", "--config=python:project.running.web", "project.wsgi"]
        web += [f"--bind=127.0.0.1:{port}", "--workers=1"]
        self.services = [
            Service(name, command, self.data / f"{name}.log")
            for name, command in (("worker", WORKER), ("scheduler", SCHEDULER), ("web", web))
        ]
        self.killed = {"database": 0} | {service.name: 0 for service in self.services}
        self.acts = threading.Thread(target=self.make_acts, daemon=True)

    def run(self) -> dict[str, int]:
        """Start everything, kill as the work goes on, wait until all is done, stop, and count."""
        (self.data / "outbox").unlink(missing_ok=True)
        self.cluster.start()
        try:
            self.prepare()
            self.acts.start()
            self.kill_while_working()
            return self.found()
        finally:
            for service in self.services:
                service.end()
            self.cluster.stop()

    def prepare(self) -> None:
        from project.running.demo import MANAGE, spawn

        with (self.data / "migrate.log").open("wb") as log:
            migrated = spawn([*MANAGE, "migrate", "--verbosity=0"], stdout=log, stderr=log).wait()
        if migrated:
            raise SystemExit((self.data / "migrate.log").read_text())
        counting.make_tables(self.cluster)

    def make_acts(self) -> None:
        """Make the acts one after the other; one without an answer is made again."""
        for number in range(1, self.jobs + 1):
            while not self.answered(number):
                time.sleep(0.02)

    def answered(self, number: int) -> bool:
        call = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            call.request("POST", f"/act/{number}/")
            return call.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            call.close()

    def kill_while_working(self) -> None:
        """Keep everything alive; each time another share of the jobs is done, kill the next in turn."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.keep()
            done = self.states()["done"]
            if sum(self.killed.values()) < self.kills and done * (self.kills + 1) >= self.jobs * (
                sum(self.killed.values()) + 1
            ):
                self.kill(next(self.victims))
            elif done >= self.jobs:
                return
            time.sleep(0.01)
        raise SystemExit(f"Not done after {PATIENCE} s: {self.states()}; killed {self.killed}")

    def keep(self) -> None:
        if not self.cluster.running():
            self.cluster.start()
        for service in self.services:
            service.keep()

    def kill(self, victim: str) -> None:
        self.killed[victim] += 1
        if victim == "database":
            self.cluster.process.kill()
            self.cluster.process.wait()
            return
        service = next(service for service in self.services if service.name == victim)
        service.pause = 0.1  # it did not die by itself
        if service.process:
            service.process.kill()
            service.process.wait()

    def states(self):
        try:
            return self.count()
        except psycopg2.Error:
            return {"done": -1}

    def count(self):
        """How many jobs of the run stand where."""
        return counting.states(self.cluster)

    def found(self) -> dict[str, int]:
        """Everything the database knows of the run."""
        return counting.found(self.cluster)
