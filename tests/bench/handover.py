"""`manage.py handover` on a synthetic roster, as a customer would run it: its seconds, its largest process."""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from .figures import Figures, spent

ROOT = Path(__file__).resolve().parents[2]
MEGABYTES = 500


def measure(found: Figures, *, rows: int) -> None:
    """Write a roster with planted faults, walk it to the streets, and look at what it took."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.xlsx"
        _manage("demo_roster", "--rows", str(rows), "--out", str(roster), "--faults")
        said: list[str] = []
        took = spent(lambda: said.append(_manage("handover", str(roster), "--json")))
    result = json.loads(said[0].splitlines()[-1])
    if result["audit"] != "ok" or result["open"]:
        raise AssertionError(result)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    note = " ".join(f"{act} {seconds:.1f}" for act, seconds in result["seconds"].items())
    found.add("handover_seconds", took.wall, unit="s", at_most=60 * rows / 3000, note=f"{rows} rows: {note}")
    found.add("handover_memory", peak, unit="MB", at_most=MEGABYTES, note="largest process")


def _manage(*command: str) -> str:
    command = (sys.executable, "manage.py", *command)
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
