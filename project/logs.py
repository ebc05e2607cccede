"""How a line of a log is written: JSON, naming whose work it tells of, and nothing that a person typed or is called."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apps.audit import trace

ROOT = Path(__file__).resolve().parent.parent
# Queries of addresses, and runs of digits as long as a telephone, identity or account number.
_TYPED = re.compile(r"\?[^\s'\"]+|\d{11,}[Xx]?")


class Line(logging.Formatter):
    """One JSON object a line: moment, level, logger, message, the work under way, facts, errors.

    Further facts come as `extra={"facts": {…}}`; what else others hang on a record (whole requests) stays out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as its line."""
        message, error = record.getMessage(), record.exc_info and record.exc_info[1]
        if error:  # Celery for one quotes it
            message = message.replace(repr(error), "…").replace(str(error) or "…", "…")
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_typed(message),
            **trace.current(),
            **getattr(record, "facts", {}),
        }
        if error:
            said["errors"] = errors(error)
        return json.dumps(said, ensure_ascii=False, default=str)


def without_typed(text: str) -> str:
    """Return a text without queries and without numbers that may be somebody's."""
    return _TYPED.sub("…", text)


def errors(error: BaseException | None) -> list[dict[str, Any]]:
    """Return an error and what caused it: types and places, and for the database's the constraint.

    Their messages stay out: they quote what was typed, and rows ("Failing row contains …").
    """
    told: list[dict[str, Any]] = []
    while error is not None and len(told) < 5:
        kind = type(error)
        places = [
            f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-15:]
        ]
        said: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}", "in": places}
        if constraint := getattr(getattr(error, "diag", None), "constraint_name", None):
            said["constraint"] = constraint
        told.append(said)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else file


def config(level: str) -> dict[str, Any]:
    """Return the set-up of logging for every process: the site's, the workers', the web server's own."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": Line}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # Its warnings repeat addresses that nobody answers at; each request has a line of its own.
            "django.request": {"level": "ERROR"},
            # Its lines are statements with their values.
            "django.db.backends": {"level": "ERROR"},
            "tuiguan.requests": {"level": "INFO"},
            "gunicorn.error": {"handlers": ["console"], "propagate": False, "level": "INFO"},
        },
    }
