"""Canaries: a person planted in a roster goes through uploads, searches, errors and jobs, and leaks nowhere.

An identity number and a telephone stand in no table, log, queue, session or error page; a name, which is stored in
clear so that people can be found by it, in no log, job, queue, session or error page.
"""

import base64
import io
import json
import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from apps.demo import town
from apps.jobs import queue, wake
from apps.jobs.models import Job
from apps.jobs.work import WORK, Work
from apps.retirees.models import Retiree
from project import celery_app, logs
from tests.worlds import workbook

NAME, PHONE, KIN, KIN_PHONE = "钱金丝雀", "13987654321", "钱雀儿", "13812345670"
# People are found by their names; the trail says what a file was called and which words an export was narrowed by.
NAMED = {"retirees_retiree", "transfers_rosterrow", "transfers_rosterversion", "audit_event"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def written():
    """Everything that any logger writes from here on, as the site writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Line())
    logging.getLogger().addHandler(handler)
    before = server_log()
    yield lambda: stream.getvalue() + server_log()[len(before) :]
    logging.getLogger().removeHandler(handler)


def server_log() -> str:
    """The embedded server's own log; a server of your own keeps its log to itself."""
    log = Path(settings.TUIGUAN_DATA) / "postgres" / "log"
    return log.read_text(errors="replace") if log.exists() else ""


def tables_with(*canaries) -> set[str]:
    """The tables in which a canary stands in clear, as a dump would hold it."""
    holding = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            out = io.StringIO()
            cursor.cursor.copy_expert(f'COPY "{table}" TO STDOUT', out)
            if found(out.getvalue(), *canaries):
                holding.add(table)
    return holding


def shapes(*canaries):
    """Each canary as it may look in text, JSON, a column of bytes, or what is base64 at any offset."""
    for canary in canaries:
        raw = canary.encode()
        yield canary
        yield json.dumps(canary)[1:-1]
        yield raw.hex()
        for lead in range(3):
            yield base64.b64encode(b"x" * lead + raw).decode()[4 if lead else 0 : -4]


def found(text: str, *canaries) -> list[str]:
    return [shape for shape in shapes(*canaries) if shape in text]


def messages() -> list[str]:
    """What waits in the broker, as it is handed to whatever broker there is."""
    with celery_app.connection_for_read() as broker:
        queue = broker.SimpleQueue(settings.CELERY_TASK_DEFAULT_QUEUE)
        waiting = [queue.get_nowait() for _ in range(queue.qsize())]
        return [f"{message.body!r} {message.headers!r} {message.properties!r}" for message in waiting]


def browser(username, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(town.person(username), backend=BACKEND)
    return client


@pytest.fixture
def flown(world, written, monkeypatch):
    """The canaries have been everywhere; returns the person's number and the page of the error it met."""
    numbers = []

    def plant(rows):
        rows[0] |= {"name": NAME, "phone": PHONE, "contact": f"{KIN}/子女/{KIN_PHONE}"}
        numbers.append(rows[0]["citizen_id"])

    clerk, case = browser("rongyuan-clerk"), world.draft(2)
    roster = f"/desk/{case.number}/roster/"
    clerk.post(roster, {"roster": workbook(case, 3, change=plant)}, follow=True)
    [number] = numbers
    clerk.get(f"{roster}faults/")
    clerk.post(roster, {"roster": SimpleUploadedFile(f"{NAME}.xlsx", f"{number},{PHONE}".encode())})
    world.bring(case, "completed")
    person = Retiree.objects.get(name=NAME)
    street = browser(
        world.by("STREET_CLERK", person.intervals.get(period__upper_inf=True).manager_id).user.username
    )
    for page in ("/ledger/", "/", "/histories/", "/organisations/"):
        for words in (number, number[-4:], NAME, PHONE):
            street.get(page, {"q": words, "retiree": words})
    street.get(f"/ledger/people/{person.pk}/")
    street.post(f"/ledger/people/{person.pk}/number/", {"purpose": "核对"})
    street.post(f"/ledger/export/?q={NAME}", {"purpose": "核对"})
    for typed in (number, PHONE, NAME):
        Client().post("/login/", {"username": typed, "password": typed})
        street.get(f"/{typed}/")
        street.post("/acting/", {"post": typed})

    def fail(*_given, **_more):
        raise ValueError(f"{NAME} {number} {PHONE}")

    with monkeypatch.context() as broken:
        broken.setattr("apps.reports.views.people", fail)
        failed = street.get("/ledger/", {"q": number, "name": NAME})
    assert failed.status_code == 500
    monkeypatch.setitem(WORK, "tests.canary", Work("tests.canary", "试验", fail))
    queue.enqueue("tests.canary", given={"retiree": person.pk}, by=None)
    queue.run_due()
    wake.send()
    return number, failed.content.decode()


def test_numbers_and_names_are_where_they_belong_and_nowhere_else(flown, written):
    number, page = flown
    assert Retiree.objects.get(name=NAME).phone == PHONE  # they did fly

    sealed = (number, PHONE, KIN, KIN_PHONE)
    assert tables_with(*sealed) == set()
    assert tables_with(NAME) == NAMED

    everything = (*sealed, NAME, number[:17])
    assert found(page, *everything) == []
    assert '"job"' in written()
    assert found(written(), *everything) == []
    jobs = json.dumps(list(Job.objects.values("kind", "given", "state", "result", "cause")))
    assert "ValueError" in jobs
    assert found(jobs, *everything) == []
    sessions = json.dumps([session.get_decoded() for session in Session.objects.all()], default=str)
    assert found(sessions, *everything) == []
    waiting = messages()
    assert waiting
    assert found("".join(waiting), *everything) == []
