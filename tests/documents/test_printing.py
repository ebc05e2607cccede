"""The print register, who may read which paper, and letters printed by the thousand as one job."""

import io

import pytest
from django.test import Client
from pypdf import PdfReader

from apps.audit.models import Event
from apps.audit.streams import now
from apps.calendar.workdays import day_of
from apps.demo import town
from apps.documents import bundles, register, work
from apps.documents.making import content
from apps.documents.models import Bundle, Paper, PaperFile, Printing
from apps.engine.door import Refused, perform_all
from apps.jobs.models import Job
from apps.jobs.queue import run_due, run_next
from apps.organisations import posts
from apps.organisations.choices import Role
from tests.worlds import CITY, RONGHUA, XINXING, people
from workflows.models import TransferBatch

from .conftest import draw_up, the


def browser(username: str) -> Client:
    client = Client()
    client.force_login(town.person(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_copy_is_the_paper_itself_and_is_registered(world):
    case = world.batch("accepted", 1)
    draw_up()
    paper, clerk = the(case, "AcceptanceNotice"), world.authority(case, Role.RMO_CLERK)
    assert register.hand_out(paper, by=clerk) == content(paper.file)
    assert Printing.objects.values_list("paper", "copy", "user", "organisation").get() == (
        paper.pk, 1, clerk.user.pk, clerk.organisation.pk,
    )  # fmt: skip
    event = Event.objects.filter(stream="actor", stream_id=clerk.user.pk, move="print_paper").get()
    assert event.evidence == [{"kind": "AcceptanceNotice", "digest": paper.file.digest}]


def test_who_prints_again_says_why(world):
    case = world.batch("accepted", 1)
    draw_up()
    paper = the(case, "AcceptanceNotice")
    clerk, head = world.authority(case, Role.RMO_CLERK), world.authority(case, Role.RMO_HEAD)
    register.hand_out(paper, by=clerk)
    with pytest.raises(Refused, match="写明理由"):
        register.hand_out(paper, by=head)
    register.hand_out(paper, by=head, reason="原件遗失")
    register.hand_out(paper, by=world.applicant(case, Role.ENT_CLERK))
    assert list(Printing.objects.order_by("copy").values_list("copy", "reason")) == [
        (1, ""),
        (2, "原件遗失"),
        (3, ""),
    ]


def test_a_paper_still_being_drawn_up_cannot_be_printed(world):
    case = world.batch("accepted", 1)
    with pytest.raises(Refused, match="正在制作"):
        register.hand_out(the(case, "AcceptanceNotice"), by=world.authority(case, Role.RMO_CLERK))
    page = browser("city-clerk").get(f"/cases/{case.number}/").content.decode()
    assert "制作中" in page and "可打印" not in page


def test_a_void_paper_is_not_printed_alone_nor_among_others(world):
    case = world.batch("accepted", 1)
    draw_up()
    paper, head = the(case, "AcceptanceNotice"), world.authority(case, Role.RMO_HEAD)
    job = bundles.print_all(Paper.objects.filter(pk=paper.pk), by=head, reason="集中送达")
    register.void(paper, by=head, reason="误发")
    place = f"/cases/{case.number}/issued/{paper.pk}/"
    client = browser(head.user.username)
    assert "打印一份" not in client.get(place).text
    assert "文书已作废，不能打印" in client.post(f"{place}print/", follow=True).text
    draw_up()
    job.refresh_from_db()
    assert (job.status, Printing.objects.count(), Bundle.objects.count()) == ("done", 0, 0)


def test_the_drawing_of_an_issued_paper_cannot_be_stopped(world):
    case = world.batch("accepted", 1)
    job = Job.objects.filter(kind="papers.render", given__kind="AcceptanceNotice").latest("pk")
    client = browser(job.post.user.username)
    assert "停止任务" not in client.get(f"/jobs/{job.pk}/").text
    assert "不能停止" in client.post(f"/jobs/{job.pk}/cancel/", follow=True).text
    draw_up()
    assert the(case, "AcceptanceNotice").file.pages == 1


WHOLE = {
    "AcceptanceNotice", "AssessmentSheet", "CaseIndex", "ConfirmedRoster", "DifferenceList", "FiscalReceipt",
    "HandoverNotice", "HandoverRecord", "ObligationList", "PaymentNotice", "StreetOpinion", "TransferAgreement",
    "TransferApplication",
}  # fmt: skip
OPEN = {"AcceptanceNotice", "TransferAgreement", "HandoverRecord"}


@pytest.mark.parametrize(
    ("username", "reads"),
    [
        ("city-clerk", WHOLE),
        ("rongyuan-clerk", WHOLE),
        ("rongcheng-clerk", OPEN | {"StreetOpinion", "HandoverNotice"}),
        ("ronghua-clerk", OPEN | {"StreetOpinion", "HandoverNotice"}),
        ("ronghua-station1", None),
        ("jiedong-clerk", None),
    ],
)
def test_who_reads_which_paper(completed, standing_world, username, reads):
    client, office = browser(username), town.acting(username).organisation
    kinds = set()
    for paper in completed.papers.all():
        place = f"/cases/{completed.number}/issued/{paper.pk}/"
        codes = {client.get(place).status_code, client.post(f"{place}print/").status_code}
        assert len(codes) == 1
        if codes == {200}:
            kinds.add(paper.kind)
            mine = paper.kind in OPEN or reads == WHOLE
            assert mine or office.pk in [*paper.issuer.lineage, *paper.about.lineage]
    assert kinds == (reads or set())


def test_the_street_next_door_is_not_shown_that_a_list_exists(completed, standing_world):
    page = browser("xinxing-clerk").get(f"/cases/{completed.number}/").content.decode()
    mine, theirs = (
        completed.papers.get(kind="StreetOpinion", about=standing_world.office(street)).label
        for street in (XINXING, RONGHUA)
    )
    assert mine in page and theirs not in page and "移交人员确认名册" not in page


def test_a_head_takes_back_a_paper_on_its_page_and_a_clerk_does_not_see_how(world):
    case = world.batch("accepted", 1)
    draw_up()
    place = f"/cases/{case.number}/issued/{the(case, 'AcceptanceNotice').pk}/"
    assert f"{place}void/" not in browser("city-clerk").get(place).content.decode()
    refused = browser("city-clerk").post(f"{place}void/", {"reason": "误发"}, follow=True).content.decode()
    assert "只有制发单位的负责人" in refused
    head = world.authority(case, Role.RMO_HEAD).user.username
    assert "已作废" in browser(head).post(f"{place}void/", {"reason": "误发"}, follow=True).content.decode()


def test_the_register_lists_an_office_s_papers_with_few_statements(world, django_assert_max_num_queries):
    counts, issued = [], Paper.objects.filter(kind="StreetOpinion", issuer=world.office(RONGHUA))
    for cases in (1, 3):
        for _turn in range(cases):
            world.batch("list_fixed", people(2, RONGHUA))
        draw_up()
        client = browser("ronghua-clerk")
        client.get("/papers/")
        with django_assert_max_num_queries(20) as asked:
            page = client.get("/papers/").content.decode()
        counts.append(len(asked))
        assert page.count("街道核实意见表</td>") == issued.count()
    assert counts[0] == counts[1]


# --- bulk ---


@pytest.fixture
def letters(world, monkeypatch):
    """Acceptance letters for four batches of two enterprises, none of them drawn up."""
    monkeypatch.setattr(work, "CHUNK", 2)
    monkeypatch.setattr(bundles, "CHUNK", 3)
    cases = [
        world.batch("submitted", 1, enterprise=key).pk for key in ("ENT-001", "ENT-004", "ENT-001", "ENT-004")
    ]
    mine = TransferBatch.objects.filter(pk__in=cases, authority__key=CITY)
    assert perform_all(mine, "accept", by=world.by(Role.RMO_CLERK, CITY)).moved == len(mine)
    Job.objects.all().delete()
    return Paper.objects.filter(kind="AcceptanceNotice", case__in=cases).order_by("pk")


def test_letters_are_printed_as_one_job_one_file_an_office(letters, world):
    clerk = world.by(Role.RMO_CLERK, CITY)
    bundles.print_all(letters, by=clerk, reason="集中送达")
    draw_up()
    made = Bundle.objects.order_by("about__key")
    offices = {letter.case.applicant_id for letter in letters}
    assert {one.about_id for one in made} == offices
    assert sum(one.papers for one in made) == len(letters) == Printing.objects.count()
    for one in made:
        pages = PdfReader(io.BytesIO(bundles.read(one))).pages
        assert len(pages) == one.pages == one.papers
        said = "".join("".join(page.extract_text() for page in pages).split())
        for letter in letters:
            assert (letter.label in said) == (letter.case.applicant_id == one.about_id)


def test_what_is_too_much_for_one_file_becomes_volumes(letters, world, monkeypatch):
    monkeypatch.setattr(bundles, "FILE", 1)
    bundles.print_all(letters, by=world.by(Role.RMO_CLERK, CITY), reason="集中送达")
    draw_up()
    made = list(Bundle.objects.order_by("about__key", "volume").values_list("volume", "papers", "pages"))
    assert made == [(1, 1, 1), (2, 1, 1)] * 2
    assert Printing.objects.values("paper").distinct().count() == len(letters) == Printing.objects.count()


def test_why_letters_are_printed_is_sealed_in_the_queue(letters, world):
    job = bundles.print_all(letters, by=world.by(Role.RMO_CLERK, CITY), reason="王建国的家属索取")
    assert "王建国" not in str(job.given)
    draw_up()
    assert {one.reason for one in Printing.objects.all()} == {"王建国的家属索取"}


def test_a_bulk_print_stops_when_whoever_asked_has_left_the_post(letters, world):
    clerk = world.by(Role.RMO_CLERK, CITY)
    bundles.print_all(letters, by=clerk, reason="集中送达")
    assert run_next()
    posts.end(clerk.post, by=None, on=day_of(now()), reason="调离")
    draw_up()
    assert not Bundle.objects.exists() and not Printing.objects.exists()


def test_a_bulk_print_goes_on_where_it_was_killed(letters, world, monkeypatch):
    job = bundles.print_all(letters, by=world.by(Role.RMO_CLERK, CITY), reason="集中送达")
    assert run_next()
    drawn = set(PaperFile.objects.values_list("paper", "digest"))
    assert drawn

    def killed(*terms):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(bundles, "joined", killed)
        run_due()
    run_due()
    job.refresh_from_db()
    assert job.status == "done" and job.result["link"] == f"/papers/bundles/{job.pk}/"
    assert drawn <= set(PaperFile.objects.values_list("paper", "digest"))
    assert Printing.objects.count() == len(letters)


def test_the_register_prints_what_its_filter_leaves_and_keeps_it_for_its_office(letters, world):
    client = browser("city-clerk")
    sent = {"kind": "AcceptanceNotice", "reason": "集中送达"}
    progress = client.post("/papers/print/", sent).url
    draw_up()
    bundle = Bundle.objects.first()
    made = f"/papers/bundles/{bundle.job}/"
    assert made in client.get(progress).text
    assert "榕源" in client.get(made).text
    fetched = client.get(f"{made}{bundle.pk}/")
    assert (fetched.status_code, fetched.content[:5]) == (200, b"%PDF-")
    event = Event.objects.get(move="fetch_bundle")
    assert (event.person_id, event.given["digest"]) == (town.person("city-clerk").pk, bundle.digest)
    assert browser("ronghua-clerk").get(f"{made}{bundle.pk}/").status_code == 404
    assert (
        "请写明理由"
        in client.post("/papers/print/", {"kind": "AcceptanceNotice"}, follow=True).content.decode()
    )


def test_a_filter_that_makes_no_sense_prints_nothing(letters, world):
    client = browser("city-clerk")
    assert "没有符合条件的文书" in client.get("/papers/", {"year": "1999"}).text
    answer = client.post("/papers/print/", {"year": "1999", "reason": "集中送达"}, follow=True)
    assert ("一次可打印" in answer.text, Bundle.objects.count()) == (True, 0)
