"""Every check that is not a test, one after the other, to the last; none needs a database."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-W", "error::SyntaxWarning", "manage.py"]
CHECKS: dict[str, list] = {
    "style": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "types": [BIN / "mypy"],
    "imports": [BIN / "lint-imports"],
    "system": [*MANAGE, "check", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "sheets": [*MANAGE, "process_sheets", "--check"],
    "English": [sys.executable, "-m", "project.messages", "--check"],
}


def run(name: str, command: list) -> bool:
    """Run one check; print its words only when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    results = [run(name, command) for name, command in CHECKS.items()]
    sys.exit(0 if all(results) else 1)
