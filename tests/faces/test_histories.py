"""履历: events across cases in words, one person's whole history, verifying, taking away with a digest."""

import csv
import hashlib
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import Event
from apps.cases.models import CaseItem
from apps.engine.door import perform
from apps.organisations.choices import Role
from apps.transfers.models import RosterVersion
from tests.worlds import RONGHUA, XINXING, people

AUDITOR, COUNTY_AUDITOR, OUTSIDER = "city-auditor", "rongcheng-auditor", "puning-clerk"
STREET, OTHER_STREET = "ronghua-clerk", "xinxing-clerk"


@pytest.fixture
def received(world):
    """A batch of four people of two streets, all received."""
    return world.batch("completed", people(4, RONGHUA, XINXING))


def told(answer) -> list[str]:
    return [one.entry.title for one in answer.context["lines"]]


def theirs(case, street: str) -> int:
    """One person of a street."""
    return CaseItem.objects.filter(case=case.pk, organisation__key=street).values_list("retiree", flat=True)[
        0
    ]


def test_auditor_reads_who_did_what_in_words(world, signed_in):
    case = world.batch("accepted", 2)
    lines = signed_in(AUDITOR).get("/histories/", {"case": case.number}).context["lines"]
    newest = next(one for one in lines if one.event.move == "accept")
    assert (newest.entry.title, newest.place, newest.met) == ("受理", case.number, True)
    assert newest.entry.actor.endswith("王少强 · 退管经办")


def test_filter_by_case_person_office_move_and_date(received, signed_in):
    browser = signed_in(AUDITOR)
    asked = (
        {"move": "transferbatch.accept"},
        {"move": "transferbatch.accept", "person": "王少强"},
        {"move": "transferbatch.accept", "person": "林秋瑜"},
        {"move": "transferbatch.accept", "office": "市企业退休"},
        {"move": "transferbatch.accept", "until": "2005-01-01"},
        {"move": "transferbatch.accept", "since": "2005-01-01"},
        {"move": "transferbatch.accept", "case": "no such number"},
        {"move": "transferbatch.accept", "timing": "missed"},
        {"process": "transferbatch", "move": "transferbatch.accept"},
    )
    assert [len(told(browser.get("/histories/", one))) for one in asked] == [1, 1, 0, 1, 0, 1, 0, 0, 1]


def test_filter_by_retiree_finds_the_acts_that_moved_that_person(received, world, signed_in):
    person = CaseItem.objects.filter(case=received.pk, organisation__key=RONGHUA)[0].retiree
    person.name = "欧阳示例"
    person.save(update_fields=["name"])
    answer = signed_in(AUDITOR).get("/histories/", {"retiree": "欧阳", "move": "transferitem.receive"})
    assert [one.event.organisation_id for one in answer.context["lines"]] == [world.office(RONGHUA).pk]
    assert answer.context["retirees"] == [person]


def test_nonsense_in_the_filter_is_left_out(received, signed_in):
    answer = signed_in(AUDITOR).get(
        "/histories/", {"move": "x", "since": "yesterday", "page": "-1", "kind": "x"}
    )
    assert answer.status_code == 200 and answer.context["lines"]


def test_outsider_reads_nothing_of_it(received, signed_in):
    browser = signed_in(OUTSIDER)
    event, person = Event.objects.filter(stream="case").first(), theirs(received, RONGHUA)
    assert told(browser.get("/histories/")) == []
    pages = (f"/histories/events/{event.pk}/", f"/histories/people/{person}/")
    assert [browser.get(page).status_code for page in pages] == [404, 404]
    assert browser.post("/histories/verify/", {"stream": f"case/{received.pk}"}).status_code == 404


def test_a_street_does_not_read_what_another_street_did_with_its_people(received, world, signed_in):
    lines = signed_in(STREET).get("/histories/", {"move": "transferitem.receive"}).context["lines"]
    assert [one.event.organisation_id for one in lines] == [world.office(RONGHUA).pk]
    assert signed_in(STREET).get(f"/histories/people/{theirs(received, XINXING)}/").status_code == 404


def test_county_auditor_reads_the_county_city_auditor_the_city(received, world, signed_in):
    elsewhere = world.batch("accepted", people(2, "445281001-RMO"), enterprise="ENT-010")
    asked = {"case": elsewhere.number}
    assert [bool(told(signed_in(user).get("/histories/", asked))) for user in (AUDITOR, COUNTY_AUDITOR)] == [
        True,
        False,
    ]


def test_only_auditors_read_sign_ins_and_posts(received, signed_in):
    for kind in ("readings", "bodies", "rules"):
        assert signed_in(STREET).get("/histories/", {"kind": kind}).context["kind"] == "business"
        assert signed_in(AUDITOR).get("/histories/", {"kind": kind}).context["kind"] == kind
    assert told(signed_in(COUNTY_AUDITOR).get("/histories/", {"kind": "bodies"}))


def test_an_event_shows_moments_rules_evidence_and_hashes(received, signed_in):
    event = Event.objects.get(move="accept", stream_id=received.pk)
    page = signed_in(AUDITOR).get(f"/histories/events/{event.pk}/").content.decode()
    expected = [event.hash, event.prev_hash, *(rule["key"] for rule in event.rules), "记录时间", "生效日期"]
    assert [words in page for words in expected] == [True] * len(expected)


def test_a_persons_history_has_item_file_fee_and_managers(received, signed_in):
    answer = signed_in(AUDITOR).get(f"/histories/people/{theirs(received, RONGHUA)}/")
    machines = {one.event.machine for one in answer.context["lines"]}
    assert machines == {"transferitem", "filehandover", "feecollection"}
    assert [interval.manager.key for interval in answer.context["intervals"]] == [RONGHUA, "ENT-001"]


def test_an_enterprise_learns_who_managed_its_people_in_its_own_time_only(received, signed_in):
    answer = signed_in("rongyuan-clerk").get(f"/histories/people/{theirs(received, RONGHUA)}/")
    assert [interval.manager.key for interval in answer.context["intervals"]] == ["ENT-001"]


def test_a_search_of_an_auditors_inbox_is_told_in_words(received, signed_in):
    browser = signed_in(AUDITOR)
    browser.get("/", {"stage": "transferitem.placed", "deadline": "late", "q": "445299194003150010"})
    browser.get("/", {"q": "不存在的姓名"})
    (named, searched) = browser.get("/histories/", {"kind": "readings"}).context["lines"][1:3]
    assert (named.entry.title, named.entry.lines) == ("查询案件", ("查询内容：不存在的姓名",))
    assert "查询内容：4452***********010" in searched.entry.lines


def test_reading_is_itself_recorded(received, signed_in):
    browser, person = signed_in(AUDITOR), theirs(received, RONGHUA)
    browser.get("/histories/", {"case": received.number})
    browser.get(f"/histories/people/{person}/")
    read = (
        Event.objects.filter(stream="actor", move="read_history")
        .order_by("id")
        .values_list("given", flat=True)
    )
    assert list(read) == [{"kind": "business", "case": received.number}, {"retiree": person}]
    assert "查阅履历" in told(browser.get("/histories/", {"kind": "readings"}))


def test_a_case_and_a_person_are_verified_from_their_pages(received, signed_in):
    browser = signed_in(STREET)
    streams = browser.get(f"/histories/people/{theirs(received, RONGHUA)}/").context["streams"]
    answer = browser.post("/histories/verify/", {"stream": streams})
    assert [(report.scope, report.ok) for report in answer.context["reports"]] == [
        (stream, True) for stream in streams
    ]


def test_the_whole_trail_is_verified_by_an_auditor_only(received, signed_in):
    assert signed_in(STREET).post("/histories/verify/").status_code == 403
    answer = signed_in(AUDITOR).post("/histories/verify/")
    (report,) = answer.context["reports"]
    assert (report.ok, report.events >= Event.objects.count() - 1) == (True, True)
    assert Event.objects.filter(stream="actor", move="verify").count() == 1


@pytest.mark.parametrize("stream", ["case/0", "case/x", "case", "nothing/1", "case/" + "9" * 30])
def test_forged_streams_are_not_there(received, signed_in, stream):
    assert signed_in(AUDITOR).post("/histories/verify/", {"stream": stream}).status_code == 404


def test_verifying_is_asked_for_not_stumbled_into(received, signed_in):
    assert [signed_in(AUDITOR).get(f"/histories/{page}/").status_code for page in ("verify", "export")] == [
        405,
        405,
    ]


def test_export_carries_the_digest_that_is_recorded(received, signed_in):
    browser = signed_in(AUDITOR)
    content = browser.post(f"/histories/export/?case={received.number}", {"form": "csv"}).content
    lines, last = content.removeprefix(b"\xef\xbb\xbf").rsplit(b"\r\n", 2)[:2]
    digest = hashlib.sha256(lines + b"\r\n").hexdigest()
    given = Event.objects.get(stream="actor", move="export").given
    assert (last.decode().split(",")[-1], given["digest"], given["rows"]) == (
        digest,
        digest,
        lines.count(b"\r\n"),
    )
    browser.post(f"/histories/export/?case={received.number}", {"form": "xlsx"})
    assert Event.objects.filter(stream="actor", move="export", given__digest=digest).count() == 2


def test_no_reason_becomes_a_formula_in_an_export(world, signed_in):
    case = world.draft(2)
    perform(case, "withdraw", by=world.by(Role.ENT_HEAD, "ENT-001"), reason="=HYPERLINK(1)")
    content = signed_in(AUDITOR).post("/histories/export/", {"form": "csv"}).content.decode("utf-8-sig")
    cells = {cell for row in csv.reader(io.StringIO(content)) for cell in row}
    assert "'=HYPERLINK(1)" in cells and not any(re.match(r"[=+\-@]", cell) for cell in cells)


def test_other_forms_of_export_do_not_exist(received, signed_in):
    assert signed_in(AUDITOR).post("/histories/export/", {"form": "exe"}).status_code == 404


def test_as_many_statements_for_three_cases_as_for_one(world, signed_in):
    browser, counted = signed_in(AUDITOR), []
    for number in (1, 2, 3):
        world.batch("submitted", 1)
        assert RosterVersion.objects.count() == number
        with CaptureQueriesContext(connection) as queries:
            assert len({one.place for one in browser.get("/histories/").context["lines"]}) == number
        counted.append(len(queries))
    assert counted[0] == counted[2]
