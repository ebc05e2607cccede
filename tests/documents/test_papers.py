"""What the papers of a whole batch say, that they print the same again, and that they look like letters."""

import hashlib
import io
import subprocess
import sys

import pytest
from django.template.loader import get_template
from pypdf import PdfReader

from apps.documents.kinds import KINDS
from apps.documents.making import content, facts_of, kept_facts
from apps.documents.models import PaperFile
from apps.documents.rendering import render
from apps.engine import registry
from apps.engine.door import perform, perform_all
from apps.notices.models import Notice
from apps.organisations.choices import Role
from tests.worlds import RONGHUA, XINXING, Person

from .conftest import RARE, draw_up, read, text_of, the

FURNITURE = ("扫码或登录", "查验码", "第1页共", "经办：")


def test_every_paper_a_move_gives_can_be_drawn_and_no_other(db):
    given = {kind for model in registry.machines() for move in model.moves.values() for kind in move.gives}
    assert given == {kind for kind in KINDS.values() if kind.layout}
    for kind in given:
        assert get_template(f"documents/{kind.code}.html")


def test_a_batch_leaves_all_its_papers_behind(completed):
    assert sorted(completed.papers.values_list("kind", flat=True)) == [
        "AcceptanceNotice", "AssessmentSheet", "CaseIndex", "ConfirmedRoster", "DifferenceList", "FiscalReceipt",
        "HandoverNotice", "HandoverNotice", "HandoverRecord", "ObligationList", "PaymentNotice", "StreetOpinion",
        "StreetOpinion", "TransferAgreement", "TransferApplication",
    ]  # fmt: skip
    assert not completed.papers.filter(file=None).exists()


def test_every_paper_bears_its_number_code_page_and_hand(completed):
    for paper in completed.papers.select_related("issuer", "file"):
        said = text_of(content(paper.file))
        code = paper.code
        assert [
            part for part in (*FURNITURE, paper.label, code, str(KINDS[paper.kind].title)) if part not in said
        ] == []


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("TransferApplication", ["申报人数4人", "榕华街道劳动保障事务所3人", "列有档案编号4份"]),
        ("AcceptanceNotice", ["申报4人", "现予受理", "比对名单将在"]),
        ("DifferenceList", ["比对结果全部一致"]),
        ("ConfirmedRoster", ["名册第1版", RARE, "常年居住地"]),
        ("TransferAgreement", ["金额6,000.00元（大写：陆仟元整）", "未房改住房管理维修1人次", "榕城区"]),
        (
            "PaymentNotice",
            ["6,000.00元", "陆仟元整", "演示值", "管理活动经费专户", "缴款码", "书面申请复核", "行政复议"],
        ),
        ("ObligationList", ["未房改住房管理维修", RARE]),
        ("HandoverNotice", ["市退管中心会议室", "谢楚霖", "张燕涛", "纪敏玲"]),
        ("HandoverRecord", ["合计44000"]),
        ("CaseIndex", ["列册4人，接收4人", "移交申请书", "单位状态证明", "财政票据"]),
        ("AssessmentSheet", ["缴款单位", "（移交企业）", "1,500.00元（演示值）", "6,000.00元"]),
        ("FiscalReceipt", ["揭阳市财政局", "6,000.00元", "陆仟元整", "银行流水号"]),
    ],
)
def test_a_paper_says(completed, kind, says):
    said = read(completed, kind)
    assert [part for part in says if part not in said] == []


def test_no_page_bears_a_seal_and_nothing_else(completed):
    """GB/T 9704: the page with the seal has a part of the text."""
    last = PdfReader(io.BytesIO(content(the(completed, "PaymentNotice").file))).pages[-1]
    assert "申请的期限以受理机关告知的为准" in "".join(last.extract_text().split())


def test_numbers_of_citizens_are_masked_on_every_list(completed):
    item = completed.items.select_related("retiree__identity").order_by("pk").first()
    number = item.retiree.identity.reveal(by=_reader(), purpose="test")
    for kind in ("ConfirmedRoster", "StreetOpinion", "ObligationList"):
        said = "".join(text_of(content(one.file)) for one in completed.papers.filter(kind=kind))
        assert number not in said
        assert f"{number[:6]}********{number[-4:]}" in said


def test_a_street_s_opinion_names_its_own_people_only(completed, standing_world):
    papers = {
        one.about_id: text_of(content(one.file)) for one in completed.papers.filter(kind="StreetOpinion")
    }
    assert RARE in papers[standing_world.office(RONGHUA).pk]
    assert RARE not in papers[standing_world.office(XINXING).pk]


def test_a_name_is_printed_as_it_is_written(completed):
    assert "<b>黑</b><imgsrc='file:///etc/passwd'>" in read(completed, "ConfirmedRoster")


def test_every_sign_has_a_font(completed):
    pages = PdfReader(io.BytesIO(content(the(completed, "ConfirmedRoster").file))).pages
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()
    }
    assert any("Noto-Serif" in name for name in fonts) and any("HanaMin" in name for name in fonts)


def test_the_facts_kept_give_the_same_bytes(completed):
    for kind in ("AcceptanceNotice", "ConfirmedRoster"):
        file = the(completed, kind).file
        again = render(KINDS[kind], kept_facts(file))
        assert hashlib.sha256(again).hexdigest() == file.unsigned_digest


def test_the_trail_gives_the_same_facts_when_everything_has_moved_on(completed):
    for paper in completed.papers.select_related("file"):
        assert facts_of(paper) == kept_facts(paper.file), paper.kind


def test_another_process_gives_the_same_bytes():
    draw = (
        "import hashlib, weasyprint; from apps.documents.rendering import pdf;"
        "print(hashlib.sha256(pdf('<p>同样的<b>内容</b>', 'x')).hexdigest())"
    )
    command = [sys.executable, "-W", "ignore", "manage.py", "shell", "--no-imports", "-c", draw]
    said = {subprocess.run(command, capture_output=True, text=True, check=True).stdout for _turn in range(2)}
    assert len(said) == 1 and said.pop().strip()


def test_a_file_kept_is_never_changed_even_by_its_owner(completed):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        PaperFile.objects.filter(paper__case=completed).update(size=1)


def test_a_letter_is_small(completed):
    assert the(completed, "AcceptanceNotice").file.size < 120_000


def test_corrections_and_refusals_give_their_reason_and_remedy(world):
    asked, refused = world.batch("submitted", 1), world.batch("submitted", 1)
    perform(
        asked, "correct", by=world.authority(asked, Role.RMO_CLERK), reason_code="roster", reason="第三行重复"
    )
    perform(refused, "refuse", by=world.authority(refused, Role.RMO_CLERK), reason_code="scope")
    draw_up()
    for case, kind, why in (
        (asked, "CorrectionNotice", "花名册内容有误：第三行重复"),
        (refused, "RefusalNotice", "不属于企业退休人员"),
    ):
        said = read(case, kind)
        assert why in said and "书面申请复核" in said


def test_both_streets_learn_who_is_looked_after_elsewhere_than_was_first_asked(world):
    moving = Person(RONGHUA, hukou=XINXING, name="陈迁居")
    case = world.batch("allocating", [moving, Person(RONGHUA, name="陈未迁")])
    given = {"street": world.office(XINXING).pk}
    clerk = world.authority(case, Role.RMO_CLERK)
    who = world.items(case).filter(retiree__name="陈迁居")
    perform_all(who, "replace", by=clerk, reason="已随子女居住", given=given)
    draw_up()
    papers = case.papers.filter(kind="ResidenceTransfer").order_by("number")
    assert [paper.about.key for paper in papers] == [RONGHUA, XINXING]
    for paper in papers:
        said = text_of(content(paper.file))
        for part in (
            "陈迁居",
            "由榕华街道劳动保障事务所转由新兴街道劳动保障事务所",
            "已随子女居住",
            case.number,
        ):
            assert part in said
        assert "陈未迁" not in said


def test_a_ruling_names_the_dispute_and_the_decision(world):
    case = world.batch("allocating", [Person(RONGHUA, name="陈争议"), Person(RONGHUA, name="陈无争")])
    item = world.items(case).get(retiree__name="陈争议")
    perform(item, "dispute", by=world.by(Role.STREET_CLERK, RONGHUA), reason_code="elsewhere", reason="租户")
    county = world.by(Role.RMO_REVIEWER, "445202-RMO")
    perform_all(world.items(case, "disputed"), "settle", by=county, reason="经入户核实常住于此")
    draw_up()
    said = read(case, "PlacementRuling")
    assert [
        part
        for part in (
            "陈争议",
            "非本辖区：租户",
            "由榕华街道劳动保障事务所接收管理",
            "经入户核实常住于此",
            "书面提请",
        )
        if part not in said
    ] == []
    assert "陈无争" not in said


def test_a_new_list_replaces_the_old_one(world):
    case = world.batch("list_fixed", 1)
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    perform(case, "reopen", by=reviewer, reason="补充核实")
    perform(case, "fix", by=reviewer)
    first, second = case.papers.filter(kind="ConfirmedRoster").order_by("pk")
    assert second.replaces == first
    draw_up()
    assert f"本文书替换{first.label}" in read(case, "ConfirmedRoster")


def test_papers_are_chinese_whatever_the_clerk_reads(world):
    from django.utils import translation

    with translation.override("en"):
        case = world.batch("accepted", 1)
        draw_up()
    assert "受理通知书" in read(case, "AcceptanceNotice")


def _reader():
    from apps.demo import town

    return town.acting("city-clerk")


def test_whom_a_paper_is_meant_for_is_told_and_its_issuer_is_not(world):
    case = world.batch("list_fixed", 1)
    draw_up()
    told = Notice.objects.filter(kind="paper", case_id=case.pk)
    assert set(told.values_list("organisation_id", flat=True)) == {case.applicant_id}
