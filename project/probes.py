"""What machines ask: is the process alive, can it serve, how is it doing. No sign-in, and nothing about anybody."""

import shutil
from collections.abc import Callable
from functools import cache

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse

from project import metrics

UNSEALED = "15 minutes"  # three times as long as a seal takes to come
LEAST_FREE = 500 * 1024 * 1024

# By the trail's own clock, which a demo may have moved.
_STALE = """
SELECT EXISTS (SELECT 1 FROM audit_event
    WHERE id > coalesce((SELECT ceiling FROM audit_seal ORDER BY number DESC LIMIT 1), 0)
    AND recorded_at < tuiguan_now() - %s::interval)
"""


class ProbesMiddleware:
    """Answers the probes before anything looks at the host's name, a session or TLS: a balancer asks by number."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = PROBES.get(request.path)
        return answer(request) if answer else self.get_response(request)


def healthz(_request) -> HttpResponse:
    """Say that this process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request) -> JsonResponse:
    """Say whether this process can serve, and which of its conditions are met; 503 when one is not."""
    found = {name: _holds(condition) for name, condition in CONDITIONS.items()}
    ready = all(found.values())
    # Without a broker everything goes on: workers look for jobs by themselves, if later.
    said = {"ready": ready, **found, "broker": _holds(broker_answers)}
    return JsonResponse(said, status=200 if ready else 503)


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except (DatabaseError, OSError):
        return False


def database_answers() -> bool:
    """Whether a statement comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_applied() -> bool:
    """Whether the tables are as far as the code."""
    return _migrations() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def seals_recent() -> bool:
    """Whether nothing has waited for its seal too long."""
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [UNSEALED])
        return not cursor.fetchone()[0]


def disk_has_room() -> bool:
    """Whether what the installation keeps has room to grow."""
    return shutil.disk_usage(settings.TUIGUAN_DATA).free > LEAST_FREE


def broker_answers() -> bool:
    """Whether the jobs' messages can be sent."""
    with current_app.connection_for_write() as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=2)
        except broker.connection_errors:
            return False
    return True


CONDITIONS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_applied,
    "seals": seals_recent,
    "disk": disk_has_room,
}
PROBES = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics.answer}
