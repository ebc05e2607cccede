"""Gives the bench a database of its own, empty and durable, and runs it there; arguments are the bench's."""

import os
import subprocess
import sys
from pathlib import Path

from project import environment
from project.running.places import database_url
from project.running.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Start the database, make its tables, measure; return the exit code."""
    data = environment.folder("TUIGUAN_DATA", ROOT / ".tuiguan")
    if environment.text("DATABASE_URL"):
        return _measure(os.environ.copy())
    cluster = Cluster(data / "bench", fresh=True)
    cluster.start()
    try:
        urls = {
            "DATABASE_URL": database_url(cluster.data, "tuiguan_app"),
            "DATABASE_OWNER_URL": database_url(cluster.data, "tuiguan_owner"),
        }
        return _measure(os.environ | urls)
    finally:
        cluster.stop()


def _measure(env: dict[str, str]) -> int:
    steps = (["manage.py", "migrate", "--verbosity=0"], ["manage.py", "seed", "--verbosity=0"])
    for command in (*steps, ["-m", "tests.bench", *sys.argv[1:]]):
        done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
