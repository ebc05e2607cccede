"""Gives the tests a database: the one DATABASE_OWNER_URL names, else an embedded server of their own.

Loaded by pytest before the settings are read (`-p tests.database` in pyproject.toml). Keys, seals and uploads
of the tests never mix with those of the installation.
"""

import os
from pathlib import Path

from project.running.places import state_folder
from project.running.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
EMBEDDED = not os.environ.get("DATABASE_OWNER_URL")
STARTS_THE_RUN = "PYTEST_XDIST_WORKER" not in os.environ

if STARTS_THE_RUN:  # its workers inherit this
    os.environ["TUIGUAN_DATA"] = str(Path(os.environ.get("TUIGUAN_DATA") or ROOT / ".tuiguan") / "tests")
if EMBEDDED:
    os.environ.pop("DATABASE_URL", None)
    state_folder(Path(os.environ["TUIGUAN_DATA"]))  # the settings ask where its socket is

_running: list[Cluster] = []


def pytest_configure(config):
    """Start the embedded server once, in the process that started the run."""
    if EMBEDDED and STARTS_THE_RUN:
        cluster = Cluster(Path(os.environ["TUIGUAN_DATA"]), durable=False)
        cluster.start()
        _running.append(cluster)


def pytest_unconfigure(config):
    """Stop the embedded server."""
    while _running:
        _running.pop().stop()
