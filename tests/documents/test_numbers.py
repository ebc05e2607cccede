"""Numbers run on without holes for each organisation and year; what is taken back keeps its number."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from apps.documents import register
from apps.documents.kinds import Wanted, number
from apps.documents.making import content
from apps.documents.models import NumberRegister, Paper
from apps.documents.papers import AcceptanceNotice, StreetOpinion
from apps.engine.door import Refused, perform, perform_all
from apps.jobs.models import Job
from apps.organisations.choices import Role
from tests.worlds import CITY, RONGHUA, XINXING, people
from workflows.models import TransferBatch

from .conftest import draw_up, read, text_of, the


def numbers(office) -> list[int]:
    return sorted(Paper.objects.filter(issuer=office).values_list("number", flat=True))


def test_a_set_takes_a_block_and_one_job(world):
    cases = [world.batch("submitted", 1).pk for _ in range(3)]
    before = len(numbers(world.office(CITY)))
    perform_all(TransferBatch.objects.filter(pk__in=cases), "accept", by=world.by(Role.RMO_CLERK, CITY))
    issued = Paper.objects.filter(kind="AcceptanceNotice").order_by("case")
    assert [paper.number for paper in issued] == [before + 1, before + 2, before + 3]
    assert Job.objects.filter(given__kind="AcceptanceNotice").count() == 1


def test_an_act_taken_back_leaves_no_hole(world):
    case = world.batch("submitted", 1)
    clerk = world.authority(case, Role.RMO_CLERK)
    with transaction.atomic():
        perform(case, "accept", by=clerk)
        transaction.set_rollback(True)
    perform(TransferBatch.objects.get(pk=case.pk), "accept", by=clerk)
    assert numbers(case.authority) == [1]
    assert Job.objects.filter(given__kind="AcceptanceNotice").count() == 1


def test_each_street_takes_its_own_number_for_its_opinion(world):
    for _turn in range(2):
        world.batch("list_fixed", people(4, RONGHUA, XINXING))
    for street in (RONGHUA, XINXING):
        assert numbers(world.office(street)) == [1, 2]
        assert NumberRegister.objects.get(organisation=world.office(street)).last == 2


def test_authorities_of_several_levels_are_numbered_in_one_statement(world):
    cases = [world.batch("submitted", 1, enterprise=key) for key in ("ENT-001", "ENT-005", "ENT-001")]
    assert len({case.authority_id for case in cases}) == 2
    number(
        AcceptanceNotice, [Wanted(case.pk) for case in cases], actor=None, act=uuid.uuid4(),
        at=datetime(2030, 6, 1, tzinfo=UTC),
    )  # fmt: skip
    issued = Paper.objects.filter(year=2030).values_list("case", "issuer", "number")
    first, second, third = cases
    assert set(issued) == {
        (first.pk, first.authority_id, 1), (second.pk, second.authority_id, 1), (third.pk, first.authority_id, 2),
    }  # fmt: skip


def test_the_year_is_that_of_the_act_by_chinese_time(world):
    case = world.batch("submitted", 1)
    number(StreetOpinion, [Wanted(case.pk, world.office(RONGHUA).pk)], actor=None, act=uuid.uuid4(),
           at=datetime(2029, 12, 31, 16, 30, tzinfo=UTC))  # fmt: skip
    assert Paper.objects.get(kind="StreetOpinion").year == 2030


def test_a_void_paper_keeps_its_number_and_its_bytes(world):
    case = world.batch("accepted", 1)
    draw_up()
    paper = the(case, "AcceptanceNotice")
    before = content(paper.file)
    register.void(paper, by=world.authority(case, Role.RMO_HEAD), reason="误发")
    paper = the(case, "AcceptanceNotice")
    assert (paper.voiding.reason, content(paper.file)) == ("误发", before)
    perform(world.batch("submitted", 1), "accept", by=world.by(Role.RMO_CLERK, CITY))
    assert numbers(case.authority) == [1, 2]


def test_a_corrected_paper_names_the_one_it_replaces(world):
    case = world.batch("list_fixed", 1)
    draw_up()
    wrong = the(case, "ConfirmedRoster")
    before = content(wrong.file)
    item = world.items(case).select_related("retiree").get()
    item.retiree.name = "陈更正"
    item.retiree.save()
    register.reissue(wrong, by=world.authority(case, Role.RMO_HEAD), reason="姓名有误")
    draw_up()
    right = the(case, "ConfirmedRoster")
    assert (right.replaces, right.number > wrong.number) == (wrong, True)
    said = read(case, "ConfirmedRoster")
    assert "陈更正" in said and f"本文书替换{wrong.label}" in said
    assert content(wrong.file) == before and "陈更正" not in text_of(before)


@pytest.mark.parametrize("act", [register.void, register.reissue])
def test_only_the_issuer_s_head_takes_back_and_only_once(world, act):
    case = world.batch("accepted", 1)
    draw_up()
    paper = the(case, "AcceptanceNotice")
    for by in (
        world.authority(case, Role.RMO_CLERK),
        world.by(Role.STREET_HEAD, RONGHUA),
        world.applicant(case, Role.ENT_HEAD),
    ):
        with pytest.raises(Refused, match="只有制发单位的负责人"):
            act(paper, by=by, reason="误发")
    head = world.authority(case, Role.RMO_HEAD)
    with pytest.raises(Refused, match="请写明理由"):
        act(paper, by=head, reason=" ")
    act(paper, by=head, reason="误发")
    with pytest.raises(Refused, match="仍然有效"):
        act(paper, by=head, reason="误发")


@pytest.mark.parametrize("sql", ["UPDATE documents_paper SET number = 9", "DELETE FROM documents_voiding",
                                 "DELETE FROM documents_printing", "TRUNCATE documents_check"])  # fmt: skip
def test_nothing_of_a_paper_is_ever_changed(world, sql):
    from django.db import connection

    world.batch("accepted", 1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
