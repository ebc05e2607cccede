"""Which tests prove which clauses: written by a test run, kept in git, shown to whoever asks."""

import json
from collections.abc import Mapping

from django.conf import settings

FILE = settings.BASE_DIR / "fixtures" / "proofs.json"


def read() -> Mapping[str, list[str]]:
    """Return the tests that prove each clause, by the clause's code; nothing before the first run."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
