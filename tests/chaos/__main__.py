"""The kill test: `python -m tests.chaos [--jobs 4000] [--kills 40] [--clocks 10000] [--broker URL] [--port 8470]`.

Exits with 1 if anything was lost, doubled or without its counterpart.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.chaos import counting

ROOT = Path(__file__).resolve().parents[2]
CLOCK_KILLS = 8


def main() -> int:
    """Run, print the tables, say by the exit code whether all holds."""
    parser = argparse.ArgumentParser(description="The kill test.")
    parser.add_argument("--jobs", type=int, default=4000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--broker", default="")
    parser.add_argument("--port", type=int, default=8470)
    parser.add_argument(
        "--clocks", type=int, default=0, help="batches whose time runs out, in a run of their own"
    )
    asked = parser.parse_args()
    data = Path(os.environ.get("TUIGUAN_DATA") or ROOT / ".tuiguan") / "chaos"
    data.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "TUIGUAN_DATA": str(data),
        "DATABASE_URL": "",
        "DATABASE_OWNER_URL": "",
        "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
        "CELERY_BROKER_URL": asked.broker,
        "CELERY_QUEUE": "tuiguan-chaos",
    }
    from .chaos import Chaos  # these read the environment
    from .clocks import Clocks

    began = time.monotonic()
    chaos = Chaos(jobs=asked.jobs, kills=asked.kills, port=asked.port)
    found = chaos.run()
    sent = (data / "outbox").read_text().split()
    found |= {"messages sent": len(sent), "ids among them": len(set(sent))}
    found |= {f"{name} killed": times for name, times in chaos.killed.items()}
    found |= {"seconds": round(time.monotonic() - began)}
    show(found)
    whole = found["acts committed"] == found["jobs done"] == asked.jobs
    if asked.clocks:
        heard = Clocks(jobs=asked.clocks, kills=CLOCK_KILLS, port=asked.port).run()
        show(heard)
        whole = whole and heard["clocks heard"] == asked.clocks
        found |= heard
    bad = [name for name in found if name.split()[-1] in counting.NONE and found[name]]
    return 0 if whole and not bad else 1


def show(found: dict[str, int]) -> None:
    print("\n".join(f"{name:<18} {number:>6}" for name, number in found.items()))


if __name__ == "__main__":
    sys.exit(main())
