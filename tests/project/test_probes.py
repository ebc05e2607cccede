"""What machines ask is answered without signing in, by anybody's name for us, and tells nothing about anybody."""

import shutil
from collections import namedtuple

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from prometheus_client.parser import text_string_to_metric_families

from apps.audit import seals
from apps.audit.models import Event
from apps.jobs.models import Job, Status
from project import metrics, probes

READY = {"ready": True, "database": True, "migrations": True, "seals": True, "disk": True, "broker": True}


def figures(answer):
    return {
        (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Seals of one's own."""
    settings.TUIGUAN_DATA = tmp_path


def test_a_balancer_asks_by_number_and_gets_an_answer_without_the_database(client):
    answer = client.get("/healthz", HTTP_HOST="10.0.0.7")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "Set-Cookie" not in answer.headers


def test_it_is_ready_when_every_condition_holds(client, db):
    answer = client.get("/readyz", HTTP_HOST="10.0.0.7")
    assert (answer.status_code, answer.json()) == (200, READY)


def test_it_is_not_ready_while_events_wait_too_long_for_their_seal(client, town, monkeypatch):
    assert Event.objects.exists()
    monkeypatch.setattr(probes, "UNSEALED", "0 seconds")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, READY | {"ready": False, "seals": False})
    seals._take(new_key=False)
    assert client.get("/readyz").json() == READY


def test_it_is_not_ready_before_the_tables_are_as_far_as_the_code(client, db, monkeypatch):
    monkeypatch.setattr(
        MigrationRecorder, "applied_migrations", lambda self: {("audit", "0001_initial"): None}
    )
    assert client.get("/readyz").json() == READY | {"ready": False, "migrations": False}


def test_it_is_not_ready_with_a_full_disk(client, db, monkeypatch):
    full = namedtuple("full", "free")(probes.LEAST_FREE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    assert client.get("/readyz").json() == READY | {"ready": False, "disk": False}


def test_without_its_database_it_lives_and_is_not_ready(client, db, monkeypatch):
    def fail():
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", fail)
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    gone = {"ready": False, "database": False, "migrations": False, "seals": False}
    assert (answer.status_code, answer.json()) == (503, READY | gone)


def test_a_silent_broker_is_reported_and_not_required(client, db, monkeypatch):
    def fail():
        raise ConnectionRefusedError

    monkeypatch.setattr(probes, "broker_answers", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, READY | {"broker": False})


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(client, db, settings):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 403
    settings.BEHIND_PROXY = True
    assert client.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "t0ken"
    asked = {"REMOTE_ADDR": "10.0.0.7"}
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer t0ken", **asked).status_code == 200
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer other", **asked).status_code == 403
    assert client.get("/metrics", **asked).status_code == 403


def test_requests_are_counted_by_view_and_status(client, db):
    metrics.requests.clear()
    client.get("/login/?q=1")
    client.get("/login/")
    client.get("/nowhere/")
    found = figures(client.get("/metrics"))
    assert found["tuiguan_request_seconds_count", "200", "login"] == 2
    assert found["tuiguan_request_seconds_count", "404", "none"] == 1


def test_figures_of_the_work_come_in_one_statement(world, client, django_assert_num_queries):
    world.batch("submitted")
    for status in (Status.WAITING, Status.DEAD, Status.DEAD):
        ended = None if status == Status.WAITING else "2026-01-01T00:00Z"
        Job.objects.create(kind="x", status=status, ended_at=ended)
    waiting = Job.objects.filter(status=Status.WAITING).count()
    seals._take(new_key=False)
    with django_assert_num_queries(1):
        found = figures(client.get("/metrics"))
    assert (found["tuiguan_open_tasks",], found["tuiguan_overdue_cases",]) == (1, 0)
    assert (found["tuiguan_jobs", "waiting"], found["tuiguan_jobs", "dead"]) == (waiting, 2)
    assert found["tuiguan_database_bytes",] > 1_000_000
    assert found["tuiguan_last_seal_seconds",] < 60
