"""The queue: putting work into it in the act's transaction, and running what is due."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error, connection, transaction
from django.utils.translation import gettext as _

from apps.audit import prepared, trace
from apps.audit.streams import record
from apps.organisations.refusals import NotChanged

from . import crashes
from .models import Cancellation, Job, Now, Status
from .wake import wake
from .work import WORK, More

TRIES = 5
LEASE = timedelta(minutes=5)  # after which work in its own transactions counts as killed
ROOT = Path(__file__).resolve().parents[2]

# Written out, as is the one below: half of what a job costs would be building these two statements anew.
# NO KEY: a cancellation refers to the job while it runs. The commit need not wait for the disk: should the server
# crash, effect and done are lost as one, and the job is due again; what anybody builds upon it is written after it.
# An act waits for this: written down once, and planned once for each connection.
PUT = """
INSERT INTO jobs_job (kind, given, status, state, done, total, result, tries, cause, not_before, post_id, "case",
                      request_id)
VALUES (%(kind)s, %(given)s::jsonb, 'waiting', '{}', 0, %(total)s, '{}', 0, '',
        tuiguan_now(), %(post)s, %(case)s, %(request_id)s)
RETURNING id, created_at
"""
# Periodic work first: it is short, and clocks and seals must not wait behind a morning's papers.
CLAIM = """
SELECT job.*, EXISTS (SELECT FROM jobs_cancellation WHERE job_id = job.id) AS stop,
       set_config('synchronous_commit', 'off', true) AS soft
FROM jobs_job AS job
WHERE status = 'waiting' AND not_before <= tuiguan_now()
ORDER BY slot IS NULL, not_before, id LIMIT 1 FOR NO KEY UPDATE OF job SKIP LOCKED
"""
DONE = """
UPDATE jobs_job SET status = 'done', ended_at = tuiguan_now(), done = total, cause = '', result = %s
WHERE id = %s AND status = 'waiting'
"""

log = logging.getLogger(__name__)


def enqueue(
    kind: str,
    *,
    given: dict | None = None,
    by=None,
    case: int | None = None,
    total: int = 0,
    not_before: datetime | None = None,
) -> Job:
    """Put one job into the queue, in the present transaction; `given` holds ids and codes, never personal data."""
    if not_before is not None:
        return enqueue_many(kind, [given or {}], by=by, case=case, total=total, not_before=not_before)[0]
    WORK[kind]  # a kind nobody does is refused here, not found by a worker
    values = {
        "kind": kind,
        "given": json.dumps(given or {}, ensure_ascii=False),
        "post": by.post.pk if by else None,
        "case": case,
        "total": total,
        "request_id": trace.request_id(),
    }
    [(pk, created_at)] = prepared.rows(PUT, values)
    transaction.on_commit(wake, robust=True)
    return Job(
        pk=pk,
        kind=kind,
        given=given or {},
        post_id=values["post"],
        case=case,
        total=total,
        created_at=created_at,
    )


def enqueue_many(
    kind: str,
    givens: Iterable[dict],
    *,
    by=None,
    case: int | None = None,
    total: int = 0,
    not_before: datetime | None = None,
) -> list[Job]:
    """Put jobs of one kind into the queue by one statement; after the commit a worker is woken."""
    WORK[kind]  # a kind nobody does is refused here, not found by a worker
    common = {"post": by.post if by else None, "case": case, "total": total, "request_id": trace.request_id()}
    if not_before:
        common["not_before"] = not_before
    jobs = Job.objects.bulk_create(Job(kind=kind, given=given, **common) for given in givens)
    transaction.on_commit(wake, robust=True)
    return jobs


def cancel(job: Job, *, by) -> None:
    """Ask a job to stop: at once where it waits, after the part that is under way where it runs.

    Raises ``NotChanged`` where what an act brought about would stay half done.
    """
    if not WORK[job.kind].may_stop:
        raise NotChanged(_("本项任务随已生效的办理进行，不能停止"))
    with transaction.atomic():
        _asked, first = Cancellation.objects.get_or_create(job=job, defaults={"post": by.post})
        if first and job.waits:
            record(by.user, "cancel_job", by=by, given={"jobs": [job.pk]})
        free = Job.objects.filter(pk=job.pk, status=Status.WAITING)
        for waiting in free.select_for_update(skip_locked=True, no_key=True):
            _end(waiting, Status.CANCELLED)


def due():
    """The jobs whose time has come."""
    return Job.objects.filter(status=Status.WAITING, not_before__lte=Now())


def run_due() -> int:
    """Run everything that is due in this process, part by part; return how many parts were run."""
    parts = 0
    while run_next():
        parts += 1
    return parts


def run_next() -> bool:
    """Claim the next due job, do its work or the next part of it, and settle it; False when none is due.

    What fails is rolled back and tried again later. A lost database is not the job's failure: raises Django's Error.
    """
    job = None
    try:
        with transaction.atomic():
            job = _claim()
            if job is None or job.status != Status.WAITING:
                return job is not None
            apart = WORK[job.kind].own_transactions
            if apart:
                Job.objects.filter(pk=job.pk).update(not_before=Now() + LEASE)
            else:
                _do(job)
        if apart:
            _do(job)
    except Exception as error:
        if isinstance(error, Error) and not connection.is_usable():
            connection.close()
            raise
        if job is None:
            raise
        log.error("job %s failed", job.pk, exc_info=error, extra={"facts": {"job": job.pk, "kind": job.kind}})
        note_failure(job.pk, cause_of(error))
    return True


def note_failure(pk: int, cause: str) -> None:
    """Count a failure, in a transaction of its own; the pauses grow from 2 seconds to 2 minutes, then it is dead."""
    with transaction.atomic():
        for job in Job.objects.select_for_update().filter(pk=pk, status=Status.WAITING):
            tries = job.tries + 1
            if tries < TRIES:
                pause = timedelta(seconds=2 * 4**job.tries)
                Job.objects.filter(pk=pk).update(tries=tries, cause=cause, not_before=Now() + pause)
            else:
                _end(job, Status.DEAD, tries=tries, cause=cause)


def _claim() -> Job | None:
    """Lock the next due job that nobody else has; one that is to stop is stopped."""
    job = next(iter(Job.objects.raw(CLAIM)), None)
    if job and job.stop:
        _end(job, Status.CANCELLED)
    return job


def _do(job: Job) -> None:
    """Do the work, or its next part, and write down what it came to."""
    with crashes.noted(job.pk), trace.under(request=job.request_id, job=job.pk):
        answer = WORK[job.kind].function(job)
    if isinstance(answer, More):
        # The moment moves on, so that short jobs are not kept waiting by a long one.
        Job.objects.filter(pk=job.pk, status=Status.WAITING).update(
            state=answer.state, done=answer.done, total=answer.total, tries=0, cause="", not_before=Now()
        )
    else:
        with connection.cursor() as cursor:
            cursor.execute(DONE, [json.dumps(answer.result if answer else {}), job.pk])


def _end(job: Job, status: Status, **columns) -> None:
    job.status = status
    Job.objects.filter(pk=job.pk, status=Status.WAITING).update(status=status, ended_at=Now(), **columns)


def cause_of(error: Exception) -> str:
    """What went wrong and where, without the error's own words: they may quote personal data."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(str(ROOT)) and "/.venv/" not in frame.filename
    ]
    place = f" · {Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"[:200]
