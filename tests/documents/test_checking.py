"""The public page: genuine, superseded, void, unknown, altered; with the seal, without a person."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client

from apps.audit.models import Seal, SealedHead
from apps.audit.streams import now
from apps.documents import register
from apps.documents.checking import check, normalised
from apps.documents.making import content
from apps.documents.models import Check
from apps.organisations.choices import Role

from .conftest import RARE, draw_up, the


def sent(content: bytes) -> dict:
    file = BytesIO(content)
    file.name = "文书.pdf"
    return {"file": file}


def test_anybody_is_told_that_a_paper_is_genuine_and_nothing_of_a_person(completed):
    paper = the(completed, "ConfirmedRoster")
    page = Client().get(f"/verify/{paper.code}/")
    said = page.content.decode()
    assert page.status_code == 200
    assert [
        part for part in ("真实有效", paper.label, paper.file.digest, paper.issuer.name) if part not in said
    ] == []
    assert [part for part in (RARE, "4452", completed.applicant.name, "罗") if part in said] == []


def test_a_code_may_be_typed_as_it_is_printed(completed):
    paper = the(completed, "AcceptanceNotice")
    spaced = " ".join(paper.code[place : place + 4] for place in range(0, 16, 4)).lower()
    assert normalised(spaced) == paper.code
    assert Client().get("/verify/", {"code": spaced}).url == f"/verify/{paper.code}/"


def test_a_file_is_the_paper_or_it_is_not(completed):
    paper = the(completed, "AcceptanceNotice")
    original = content(paper.file)
    browser = Client()
    same = browser.post(f"/verify/{paper.code}/", sent(original)).content.decode()
    other = browser.post(f"/verify/{paper.code}/", sent(original + b" ")).content.decode()
    assert "一字不差" in same and "文件与原件不符" in other
    assert list(Check.objects.order_by("-pk").values_list("answer", "with_file")[:2]) == [
        ("DIFFERENT", True), ("GENUINE", True),
    ]  # fmt: skip


def test_each_check_is_recorded_and_nothing_of_who_asked(completed):
    paper = the(completed, "HandoverRecord")
    before = Check.objects.count()
    for _turn in range(2):
        Client().get(f"/verify/{paper.code}/")
    assert Check.objects.count() == before + 2
    assert {field.name for field in Check._meta.get_fields()} == {"id", "paper", "answer", "with_file", "at"}


@pytest.mark.parametrize("code", ["0000000000000000", "x", "' OR 1=1", "一二三四"])
def test_an_unknown_code_is_unknown(db, code):
    page = Client().get(f"/verify/{code}/")
    assert page.status_code == 404
    assert "查无此码" in page.content.decode()


def test_void_and_superseded_papers_are_told_apart(world):
    case = world.batch("list_fixed", 1)
    draw_up()
    head = world.authority(case, Role.RMO_HEAD)
    register.void(the(case, "AcceptanceNotice"), by=head, reason="误发给他人")
    old = the(case, "ConfirmedRoster")
    register.reissue(old, by=head, reason="姓名有误")
    assert check(the(case, "AcceptanceNotice").code).answer == "VOID"
    assert check(old.code).answer == "SUPERSEDED"
    new = the(case, "ConfirmedRoster")
    assert check(new.code).answer == "UNPROVED"  # nobody can hold what is not drawn up yet
    draw_up()
    assert (check(new.code).answer, check(new.code).seal) == ("GENUINE", None)
    assert "误发给他人" not in Client().get(f"/verify/{the(case, 'AcceptanceNotice').code}/").content.decode()


@pytest.fixture
def forging(world):
    """A batch with papers, and the hands of the database's owner on the register of papers."""
    case = world.batch("list_fixed", 1)
    draw_up()

    def forge(statement, *values):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("paper", "paperfile", "voiding"):
                cursor.execute(f"ALTER TABLE documents_{table} DISABLE TRIGGER USER")
            cursor.execute(statement, values)
            cursor.execute("SET ROLE tuiguan_app")

    return case, forge


def test_a_paper_that_only_the_owner_of_the_database_wrote_is_not_proved(forging):
    case, forge = forging
    real = the(case, "AcceptanceNotice")
    forge(
        "INSERT INTO documents_paper (case_id, kind, issuer_id, year, number, act, issued_at, facts, code) "
        "SELECT case_id, kind, issuer_id, year, 9999, act, issued_at, facts, 'F0F0F0F0F0F0F0F0' "
        "FROM documents_paper WHERE id = %s", real.pk,
    )  # fmt: skip
    assert check("F0F0F0F0F0F0F0F0").answer == "UNPROVED"
    forge(
        "INSERT INTO documents_paperfile (paper_id, digest, unsigned_digest, size, pages, sealed, facts_sealed, "
        "recorded_as, made_at) SELECT paper.id, repeat('f', 64), unsigned_digest, size, pages, sealed, facts_sealed, "
        "recorded_as, made_at FROM documents_paperfile, documents_paper AS paper "
        "WHERE paper_id = %s AND paper.code = 'F0F0F0F0F0F0F0F0'", real.pk,
    )  # fmt: skip
    assert check("F0F0F0F0F0F0F0F0", "f" * 64).answer == "UNPROVED"
    assert "不能证实" in Client().get("/verify/F0F0F0F0F0F0F0F0/").content.decode()
    assert check(real.code).answer == "GENUINE"


def test_a_paper_whose_file_was_exchanged_is_not_proved(forging):
    case, forge = forging
    paper = the(case, "ConfirmedRoster")
    forge("UPDATE documents_paperfile SET digest = repeat('f', 64) WHERE paper_id = %s", paper.pk)
    assert check(paper.code, "f" * 64).answer == "UNPROVED"


def test_a_void_paper_does_not_come_alive_when_the_register_forgets_it(forging, world):
    case, forge = forging
    paper = the(case, "AcceptanceNotice")
    register.void(paper, by=world.authority(case, Role.RMO_HEAD), reason="误发给他人")
    forge("DELETE FROM documents_voiding WHERE paper_id = %s", paper.pk)
    assert check(paper.code).answer == "UNPROVED"


def test_the_first_seal_over_the_digest_is_named(world):
    case = world.batch("accepted", 1)
    draw_up()
    paper = the(case, "AcceptanceNotice")
    recorded = paper.file.recorded_as
    for number, seq in ((1, recorded - 1), (2, recorded), (3, recorded + 1)):
        seal = Seal.objects.create(number=number, taken_at=now(), size=number, root="r", hash=f"h{number}", key="k",
                                   signature="s", ceiling=1, floor=1, xid=1)  # fmt: skip
        SealedHead.objects.create(
            seal=seal, position=number, stream="case", stream_id=case.pk, seq=seq, head="h"
        )
    assert check(paper.code).seal.number == 2
    assert "第 2 号封印" in Client().get(f"/verify/{paper.code}/").content.decode()


def test_a_check_costs_five_statements(completed, django_assert_num_queries):
    code = the(completed, "AcceptanceNotice").code
    with django_assert_num_queries(5):
        check(code)
