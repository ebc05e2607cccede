"""An exemption on the pages: asked for at the desk, read and decided on one page, unknown to everybody else."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.cases.models import Case
from apps.fees.models import FeeAssessment
from tests.faces.test_story import DESK, PHONE, browser, visit  # noqa: F401 - fixtures
from tests.worlds import World
from workflows.models import FeeExemption
from workflows.rehearsals.exemption import ExemptionRehearsal

CLERK, GOVERNMENT = "jiucheng-clerk", "city-gov"
PDF = b"%PDF-1.4\n%%EOF\n"


def owing(world, enterprise="ENT-004") -> FeeAssessment:
    return FeeAssessment.objects.get(case=world.batch("clearing", 2, enterprise=enterprise).pk)


def walked(world, until, enterprise="ENT-004") -> FeeExemption:
    fee = owing(world, enterprise)
    return ExemptionRehearsal(world.office(enterprise)).walk(fee, until=until)


def ask(seat, fee, **form):
    return seat.post("/desk/", {"process": "feeexemption", "key": uuid4(), "subject": fee.pk} | form)


def test_the_desk_offers_the_exemption_of_a_fee_that_is_owed(world, signed_in):
    fee, clerk = owing(world), signed_in(CLERK)
    page = clerk.get("/desk/")
    assert [offer.subject for offer in page.context["offers"]] == [fee]
    assert "申请豁免" in page.content.decode()
    answer = ask(clerk, fee)
    case = Case.objects.get(process="feeexemption")
    assert (answer.url, case.stage) == (f"/cases/{case.number}/", "draft")
    assert clerk.get("/desk/").context["offers"] == []


def test_sent_twice_the_form_opens_one_case(world, signed_in):
    fee, clerk, key = owing(world), signed_in(CLERK), uuid4()
    assert len({ask(clerk, fee, key=key).url for _time in range(2)}) == 1
    assert Case.objects.filter(process="feeexemption").count() == 1


@pytest.mark.parametrize("subject", ["", "x", "999999999", "-1"])
def test_somebody_elses_fee_does_not_exist(world, signed_in, subject):
    fee = owing(world)
    assert ask(signed_in("rongyuan-clerk"), fee).status_code == 404
    assert ask(signed_in(CLERK), fee, subject=subject).status_code == 404
    assert not Case.objects.filter(process="feeexemption").exists()


def test_who_still_stands_is_offered_nothing(world, signed_in):
    owing(world, "ENT-001")
    assert signed_in("rongyuan-clerk").get("/desk/").context["offers"] == []


def test_the_government_reads_everything_on_the_page_on_which_it_decides(world, signed_in):
    case = walked(world, "gov_review")
    page = signed_in(GOVERNMENT).get(f"/cases/{case.number}/")
    said = page.content.decode()
    (opinions,) = page.context["worklists"]
    assert opinions.opened and len(opinions.rows) == 2
    for part in (
        "情况属实，同意",
        "符合豁免条件，请政府审批",
        "查明的剩余资产",
        "厂址已由他人使用",
        "3,000.00 元",
    ):
        assert part in said, part
    assert {str(paper.kind) for paper in page.context["papers"]} == {
        "StatusProof", "AssetProof", "DifficultyProof", "SiteNote",
    }  # fmt: skip
    assert [one.move.name for one in page.context["decisions"]] == [
        "approve", "part_approve", "reject", "return_once",
    ]  # fmt: skip


def test_a_county_s_government_reads_the_opinions_of_its_own_departments(world, signed_in):
    case = walked(world, "gov_review", "ENT-008")
    page = signed_in("jiexi-gov").get(f"/cases/{case.number}/")
    (opinions,) = page.context["worklists"]
    assert len(opinions.rows) == 2


def test_the_government_decides_with_its_document_in_one_act(world, signed_in):
    case = walked(world, "gov_review")
    sent = {"move": "approve", "decision_number": "揭府函〔2026〕3号", "grounds": "四项条件均已查明"}
    paper = {"paper_GovernmentMinutes": SimpleUploadedFile("批准.pdf", PDF)}
    signed_in(GOVERNMENT).post(f"/cases/{case.number}/decide/", sent | paper)
    assert Case.objects.get(pk=case.pk).stage == "approved"


@pytest.mark.parametrize(
    "who", ["rongyuan-clerk", "puning-gov", "rongcheng-fiscal", "jiexi-labour", "ronghua-clerk"]
)
def test_who_has_no_part_in_it_is_told_nothing(world, signed_in, who):
    case = walked(world, "gov_review")
    stranger = signed_in(who)
    assert stranger.get(f"/cases/{case.number}/").status_code == 404
    sent = {"move": "approve", "decision_number": "揭府函〔2026〕3号", "grounds": "伪造的"}
    assert stranger.post(f"/cases/{case.number}/decide/", sent).status_code == 404
    assert Case.objects.get(pk=case.pk).stage == "gov_review"


def test_a_forged_decision_of_the_bureau_is_refused(world, signed_in):
    """INV-22: only a government exempts."""
    case = walked(world, "gov_review")
    sent = {"move": "approve", "decision_number": "揭府函〔2026〕3号", "grounds": "伪造的"}
    answer = signed_in("city-head").post(f"/cases/{case.number}/decide/", sent)
    assert (answer.status_code, Case.objects.get(pk=case.pk).stage) == (403, "gov_review")


def test_the_desk_of_who_applied_shows_where_it_stands(world, signed_in):
    fee, clerk = owing(world), signed_in(CLERK)
    ask(clerk, fee)
    case, page = Case.objects.get(process="feeexemption"), clerk.get("/desk/")
    assert case.number in page.content.decode()
    assert f"/desk/{case.number}/roster/" not in page.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("window", [DESK, PHONE])
def test_the_pages_are_in_order_on_desk_and_phone(visit, window):  # noqa: F811
    world = World()
    case = walked(world, "gov_review")
    owing(world)
    for who, place in ((GOVERNMENT, f"/cases/{case.number}/"), (CLERK, "/desk/"), ("city-sasac", "/")):
        seat = visit(who, **window).go(place)
        assert (place, seat.faults(), max(seat.overflows(), 0), seat.complaints) == (place, [], 0, [])
