"""So many batches run out of time while worker, scheduler, broker and database are killed: each is told of once."""

import shutil
import sys
from collections import Counter
from itertools import cycle

from project.running.demo import spawn

from . import counting
from .chaos import Chaos

HEARD = "SELECT count(*) FROM audit_event WHERE stream = 'case' AND move = 'overdue'"
FOUND = """
WITH heard AS (SELECT stream_id AS id, count(*) AS times FROM audit_event
               WHERE stream = 'case' AND move = 'overdue' GROUP BY 1),
told AS (SELECT case_id AS id, user_id, count(*) AS times FROM notices_notice WHERE kind = 'overdue' GROUP BY 1, 2)
SELECT (SELECT count(*) FROM cases_case),
       (SELECT count(*) FROM heard),
       (SELECT count(*) FROM cases_case WHERE id NOT IN (SELECT id FROM heard)),
       (SELECT count(*) FROM heard WHERE times > 1) + (SELECT count(*) FROM told WHERE times > 1),
       (SELECT count(*) FROM cases_case LEFT JOIN heard USING (id) WHERE (rang = 2) <> (heard.id IS NOT NULL))
"""
NAMES = ("clocks run out", "clocks heard", "clocks lost", "clocks doubled", "clocks ghosts")


class Clocks(Chaos):
    """Nobody acts: the scheduler alone puts the work into the queue."""

    victims = cycle(["worker", "broker", "database", "scheduler"])

    def prepare(self) -> None:
        super().prepare()
        with (self.data / "late.log").open("wb") as log:
            made = spawn(
                [sys.executable, "-m", "tests.chaos.late", f"{self.jobs}"], stdout=log, stderr=log
            ).wait()
        if made:
            raise SystemExit((self.data / "late.log").read_text())
        del self.services[-1]  # no web server is needed

    def make_acts(self) -> None:
        """Time passes by itself."""

    def kill(self, victim: str) -> None:
        if victim != "broker":
            super().kill(victim)
            return
        self.killed["broker"] = self.killed.get("broker", 0) + 1
        shutil.rmtree(self.data / "broker", ignore_errors=True)  # every message in it is lost

    def count(self) -> Counter:
        return Counter(done=counting.run(self.cluster, HEARD)[0][0])

    def found(self) -> dict[str, int]:
        return dict(zip(NAMES, counting.run(self.cluster, FOUND)[0], strict=True))
