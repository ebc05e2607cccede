"""Proving that the trail is what was written: chains, items, anchors, clock, seals, and the file outside."""

import time
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import seal_file
from .anchors import check_anchors
from .event_walk import EventWalk
from .findings import Report
from .seal_walk import SealWalk


def verify(stream: str = "") -> Report:
    """Verify everything, or one stream (`case/12`) with the seals over it, and return a report.

    Works on one snapshot of the database, in memory that does not grow with the events. Raises ValueError
    for a stream that is not written `name/number`.
    """
    scope = _parsed(stream) if stream else None
    report = Report(scope=stream)
    began = time.perf_counter()
    with _one_moment() as file_size:
        seals = SealWalk(report)
        seals.walk(file_size)
        EventWalk(report, seals.times).walk(scope)
        check_anchors(report, scope)
    report.seconds = time.perf_counter() - began
    return report


def _parsed(stream: str) -> tuple[str, int]:
    name, _slash, number = stream.partition("/")
    if not name or not number.isdecimal():
        raise ValueError(_("流写作 名称/编号，例如 case/12。"))
    return name, int(number)


@contextmanager
def _one_moment():
    """See the database as of one moment, and the file as it was then."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with seal_file.held(shared=True), connection.cursor() as cursor:
            if outermost:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT 1")  # takes the snapshot
            file_size = seal_file.size()
        yield file_size
