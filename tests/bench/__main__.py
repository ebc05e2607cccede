"""Measures and reports: `python -m tests.bench [--only NAME …] [--large]`, on an empty database of its own."""

import argparse
import json
import logging
import os
import sys
from pathlib import Path

ALL = ["papers", "inbox", "steps", "sets", "handover", "matching", "jobs"]


def main() -> int:
    """Build the bench's city, take every figure in turn, print them and write them down."""
    parser = argparse.ArgumentParser(description="The figures of speed, as ratios measured in one run.")
    parser.add_argument("--only", nargs="*", default=[], choices=ALL)
    parser.add_argument("--tasks", type=int, default=100_000, help="how large the large inbox is")
    parser.add_argument("--people", type=int, default=100_000, help="how many people one act receives")
    parser.add_argument("--large", action="store_true", help="only: a roster of 20,000 rows by command")
    asked = parser.parse_args()
    wanted = ["handover"] if asked.large else asked.only or ALL
    _set_up()

    from django.conf import settings

    from . import city, figures, handover, inbox, jobs, matching, papers, sets, steps  # they need the apps

    found = figures.Figures(began=figures.now())
    city.refuse_a_used_database()
    city.build()
    # First: it verifies the whole trail, and what the others write in SQL is no honest one.
    if "handover" in wanted:
        handover.measure(found, rows=20_000 if asked.large else 3_000)
    if "inbox" in wanted:
        with inbox.grown(found, tasks=asked.tasks) as grow:
            if "steps" in wanted:
                steps.measure(found)
            grow()
    elif "steps" in wanted:
        steps.measure(found)
    if "sets" in wanted:
        sets.measure(found, people=asked.people)
    if "matching" in wanted:
        matching.measure(found)
    if "papers" in wanted:
        papers.measure(found)
    if "jobs" in wanted:
        jobs.measure(found)
    print(found.table())
    report = Path(settings.TUIGUAN_DATA) / ("bench-large.json" if asked.large else "bench.json")
    report.write_text(json.dumps(found.facts(), ensure_ascii=False, indent=1) + "\n")
    print(f"Written to {report}")
    return 0 if found.hold() else 1


def _set_up() -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "CELERY_QUEUE": "tuiguan-bench"}
    import django

    django.setup()
    logging.disable(logging.INFO)  # a line for every request would bury the figures


if __name__ == "__main__":
    sys.exit(main())
