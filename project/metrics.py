"""The figures that Prometheus asks for: requests, counted by each process; the rest, asked of the database now."""

import os
from collections.abc import Iterator
from secrets import compare_digest

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER = (
    "PROMETHEUS_MULTIPROC_DIR"  # where the processes of one web server add up; set by project.running.web
)
OURSELVES = {"127.0.0.1", "::1"}

requests = Histogram(
    "tuiguan_request_seconds",
    "Requests by view and status, and how long they took.",
    ["view", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=None,
)
# What waits and what is dead has indexes of its own; what is done is not counted but numbered.
_FIGURES = """
SELECT (SELECT count(*) FROM cases_task WHERE status IN ('NEW', 'ASSIGNED')),
    (SELECT count(DISTINCT case_id) FROM cases_participant WHERE open AND due_at < tuiguan_now()),
    (SELECT count(*) FROM jobs_job WHERE status = 'waiting'),
    (SELECT count(*) FROM jobs_job WHERE status = 'dead'),
    (SELECT max(id) FROM jobs_job),
    (SELECT extract(epoch FROM clock_timestamp() - max(taken_at)) FROM audit_seal),
    pg_database_size(current_database())
"""


def answer(request) -> HttpResponse:
    """Give the figures to whoever has the token; where none is set, to this machine itself."""
    if not _may_ask(request):
        return HttpResponse(status=403)
    registry = CollectorRegistry()
    registry.register(MultiProcessCollector(None, os.environ[FOLDER]) if FOLDER in os.environ else requests)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_ask(request) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # Behind a proxy everybody comes from this machine.
    return not settings.BEHIND_PROXY and request.META["REMOTE_ADDR"] in OURSELVES


class Figures(Collector):
    """What the database says, by one statement at each scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures as they are now."""
        with connection.cursor() as cursor:
            cursor.execute(_FIGURES)
            tasks, overdue, waiting, dead, last_job, seal_age, size = cursor.fetchone()
        jobs = GaugeMetricFamily("tuiguan_jobs", "Jobs that are not done.", labels=["status"])
        jobs.add_metric(["waiting"], waiting)
        jobs.add_metric(["dead"], dead)
        yield jobs
        for name, says, value in (
            ("tuiguan_open_tasks", "Cases' tasks that wait for somebody.", tasks),
            ("tuiguan_overdue_cases", "Cases in which something is past its due date.", overdue),
            ("tuiguan_last_job", "Number of the newest job; its rate is that of new jobs.", last_job),
            ("tuiguan_last_seal_seconds", "Age of the last seal.", seal_age),
            ("tuiguan_database_bytes", "Size of the database.", size),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, says, float(value))
