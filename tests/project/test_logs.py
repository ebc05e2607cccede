"""Log lines say whose work they tell of, and nothing that a person typed or is called."""

import json
import logging
import sys

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from apps.audit import trace
from apps.audit.models import Event
from apps.organisations.models import User
from project import logs

BACKEND = "django.contrib.auth.backends.ModelBackend"
NUMBER = "44529919380101011X"


@pytest.fixture
def lines():
    """Every line logged from here on, read back."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    handler = Kept()
    handler.setFormatter(logs.Line())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def requests_of(lines):
    return [line for line in lines if line["logger"] == "tuiguan.requests"]


def test_a_request_has_one_line_with_its_id_view_post_and_act(signed_in, lines):
    answer = signed_in("ronghua-clerk").post("/logout/")
    [line] = requests_of(lines)
    act = Event.objects.latest("pk").act
    assert (line["request"], line["act"]) == (answer.headers["X-Request-ID"], str(act))
    assert (line["method"], line["path"], line["view"], line["status"]) == ("POST", "/logout/", "logout", 302)
    assert line["post"] == User.objects.get(username="ronghua-clerk").posts.get().pk


def test_only_a_proxy_of_ours_names_a_request(client, db, settings):
    sent = {"HTTP_X_REQUEST_ID": "from-the-proxy-1"}
    assert client.get("/login/", **sent).headers["X-Request-ID"] != "from-the-proxy-1"
    settings.BEHIND_PROXY = True
    assert client.get("/login/", **sent).headers["X-Request-ID"] == "from-the-proxy-1"
    made = client.get("/login/", HTTP_X_REQUEST_ID="陈示例\n").headers["X-Request-ID"]
    assert len(made) == 32


def test_queries_forms_and_unknown_addresses_are_not_logged(client, db, lines):
    client.get(f"/login/?q={NUMBER}&name=陈金丝雀")
    client.post("/login/", {"username": "陈金丝雀", "password": NUMBER})
    client.get("/陈金丝雀/")
    client.get(f"/{NUMBER}/")
    written = json.dumps(lines, ensure_ascii=False)
    assert len(requests_of(lines)) == 4
    assert NUMBER[:11] not in written
    assert "金丝雀" not in written


def test_an_error_is_told_by_types_and_places_not_by_its_words(db):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO audit_demo (id, shift, stream_seq) VALUES (2, '1 s', -1)")
    except DatabaseError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed %s", (NUMBER,), sys.exc_info())
    line = json.loads(logs.Line().format(record))
    assert line["message"] == "failed …"
    assert [error["type"] for error in line["errors"]] == [
        "django.db.utils.ProgrammingError",
        "psycopg2.errors.InsufficientPrivilege",
    ]
    assert line["errors"][0]["in"][0].startswith("tests/project/test_logs.py:")
    assert "denied" not in json.dumps(line)


def test_the_page_of_an_error_shows_the_requests_id_and_nothing_else(db, monkeypatch, lines):
    def fail(*_given):
        raise ValueError(NUMBER)

    monkeypatch.setattr("apps.inbox.account.SignIn.get", fail)
    answer = Client(raise_request_exception=False).get("/login/")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.content.decode()
    [line] = [line for line in lines if "errors" in line]
    assert line["request"] == answer.headers["X-Request-ID"]
    assert NUMBER not in answer.content.decode() + json.dumps(lines)


def test_work_within_work_knows_both():
    with trace.under(request="r"):
        with trace.under(job=7):
            trace.add(act="a")
            assert trace.current() == {"request": "r", "job": 7, "act": "a"}
        assert trace.current() == {"request": "r"}
    trace.add(act="nobody is told")
    assert (trace.current(), trace.request_id()) == ({}, "")


@pytest.mark.parametrize(
    "address",
    [f"/verify/{NUMBER}/", f"/cases/{NUMBER}/", "/password/MTI/abc123-0123456789abcdef0123456789abcdef/"],
)
def test_an_address_that_is_a_right_or_was_typed_is_not_logged(client, db, lines, address):
    client.get(address)
    [line] = requests_of(lines)
    assert line["view"] and line["status"]
    assert NUMBER[:11] not in line["path"] and "abc123" not in line["path"]
