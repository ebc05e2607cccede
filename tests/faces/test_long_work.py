"""Imports and exports too long for a page: done by a job, fetched by whoever asked, the same as done at once."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.audit.models import Event
from apps.exchange import long_lists, parcels
from apps.exchange.models import Parcel
from apps.histories import views as histories
from apps.jobs.models import Job, Status
from apps.jobs.queue import run_due
from apps.organisations.models import Post
from apps.portal import work as portal
from apps.reports import views as reports
from apps.transfers.models import RosterVersion
from tests.faces.test_portal import opened, roster
from tests.worlds import Person, workbook

AUDITOR, STREET = "city-auditor", "ronghua-clerk"


@pytest.fixture
def received(world):
    case = world.batch("completed", [Person(name=f"陈示例{n}") for n in "一二三四五"])
    run_due()  # its papers are drawn up, which is on record too
    return case


@pytest.fixture
def short(monkeypatch):
    """What a page may wait for, and what a part holds, are a few rows."""
    monkeypatch.setattr(histories, "AT_ONCE", 2)
    monkeypatch.setattr(reports, "AT_ONCE", 2)
    monkeypatch.setattr(long_lists, "PART", 2)


def written(browser, place: str, **form):
    """Ask for a list, let the job do its work, and fetch the file."""
    page = browser.post(place, form)
    run_due()
    (job,) = Job.objects.filter(kind=long_lists.WORK)
    assert page.url == f"/jobs/{job.pk}/"
    return job, browser.get(job.result["link"])


def test_a_long_list_is_that_which_is_written_at_once(received, signed_in, monkeypatch, short):
    browser = signed_in(AUDITOR)
    place = f"/histories/export/?case={received.number}"
    job, by_job = written(browser, place, form="csv")
    monkeypatch.setattr(histories, "AT_ONCE", 1000)
    assert by_job.content == browser.post(place, {"form": "csv"}).content
    one, other = Event.objects.filter(stream="actor", move="export")
    assert one.given == other.given
    assert (job.status, job.done, job.total) == (Status.DONE, one.given["rows"], one.given["rows"])


def test_the_ledger_too_with_what_for(received, signed_in, short):
    job, answer = written(signed_in(STREET), "/ledger/export/", purpose="年度核对")
    event = Event.objects.get(move="export")
    assert (event.reason, event.given["rows"], event.given["list"]) == ("年度核对", 5, "ledger")
    assert answer.content.startswith(b"PK")
    assert "年度核对" not in str(job.given)


def test_nobody_else_fetches_it(received, signed_in, short):
    job, _answer = written(signed_in(AUDITOR), "/histories/export/", form="csv")
    for other in (STREET, "city-clerk", "sys-admin"):
        assert signed_in(other).get(job.result["link"]).status_code == 404


def test_who_has_left_the_post_gets_no_list(received, signed_in, short):
    signed_in(AUDITOR).post("/histories/export/", {"form": "csv"})
    Post.objects.filter(user__username=AUDITOR).update(valid_until=date(2026, 1, 2))
    run_due()
    assert not Parcel.objects.exists()
    assert not Event.objects.filter(move="export").exists()


def test_a_list_cut_short_goes_on_where_it_was(received, signed_in, short, monkeypatch):
    signed_in(AUDITOR).post("/histories/export/", {"form": "csv"})
    keep, calls = parcels.keep, []

    def fail_once(*args, **facts):
        calls.append(facts.get("part", 0))
        if len(calls) == 2:
            raise RuntimeError("killed")
        return keep(*args, **facts)

    monkeypatch.setattr(parcels, "keep", fail_once)
    run_due()
    Job.objects.filter(kind=long_lists.WORK).update(not_before="2020-01-01T00:00:00+08:00")
    run_due()
    assert Job.objects.get(kind=long_lists.WORK).status == Status.DONE
    assert calls[:3] == [1, 2, 2]


def test_a_large_roster_is_read_by_a_job(world, signed_in, monkeypatch):
    monkeypatch.setattr(portal, "AT_ONCE", 10)
    browser = signed_in("rongyuan-clerk")
    case = opened(browser)
    page = browser.post(roster(case), {"roster": workbook(case, 4)})
    assert not RosterVersion.objects.exists()
    run_due()
    (job,) = Job.objects.filter(kind=portal.KIND)
    assert page.url == f"/jobs/{job.pk}/"
    assert job.result == {"text": "已读取 4 人，没有必须改正的问题", "link": roster(case)}
    assert RosterVersion.objects.get(case=case.pk).rows_count == 4
    assert not Parcel.objects.exists()


def test_a_large_file_that_is_no_roster_is_refused_in_the_same_words(world, signed_in, monkeypatch):
    browser = signed_in("rongyuan-clerk")
    case = opened(browser)
    file = b"PK\x03\x04 no workbook"
    at_once = browser.post(roster(case), {"roster": SimpleUploadedFile("花名册.xlsx", file)})
    monkeypatch.setattr(portal, "AT_ONCE", 10)
    browser.post(roster(case), {"roster": SimpleUploadedFile("花名册.xlsx", file)})
    run_due()
    said = Job.objects.get(kind=portal.KIND).result["text"]
    assert said and said in at_once.content.decode()


def test_what_nobody_fetches_is_thrown_away_after_a_week(world, town):
    parcel = parcels.keep(b"1", by=town.acting(AUDITOR), name="a.csv")
    assert parcels.tidy() == 0
    Parcel.objects.filter(pk=parcel.pk).update(kept_at="2026-01-01T00:00:00+08:00")
    assert parcels.tidy() == 1
