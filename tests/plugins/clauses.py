"""Collects which clauses of the plan the passed tests prove: `--clauses-out FILE` writes them as JSON.

Loaded by `-p tests.plugins.clauses`; a test says what it proves with `@pytest.mark.clause("M-014")`.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

NAME = "clause"


def pytest_addoption(parser):
    parser.addoption(
        "--clauses-out", metavar="FILE", help="write which passed tests prove which clauses, as JSON"
    )


def pytest_configure(config):
    config.addinivalue_line("markers", "clause(*numbers): the test proves these clauses of the plan")
    if path := config.getoption("--clauses-out"):
        config.pluginmanager.register(Collector(Path(path)), "clauses-collector")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    # User properties travel from a worker process to the one that writes the file.
    for item in items:
        for mark in item.iter_markers(NAME):
            item.user_properties.extend((NAME, number) for number in mark.args)


class Collector:
    """Keeps what passed and what did not; a test with several cases proves only if all of them pass."""

    def __init__(self, path: Path):
        self.path = path
        self.passed: dict[str, set[str]] = defaultdict(set)
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report):
        test = report.nodeid.partition("[")[0]
        if report.failed or report.skipped:
            self.failed.add(test)
        elif report.when == "call":
            for name, number in report.user_properties:
                if name == NAME:
                    self.passed[number].add(test)

    def pytest_sessionfinish(self, session):
        if hasattr(session.config, "workerinput"):
            return
        proved = {number: sorted(tests - self.failed) for number, tests in sorted(self.passed.items())}
        text = json.dumps({k: v for k, v in proved.items() if v}, ensure_ascii=False, indent=2)
        self.path.write_text(text + "\n", encoding="utf-8")
