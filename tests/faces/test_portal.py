"""The enterprise desk: batches of one's own, and the roster of a batch from upload to filing."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from apps.audit.models import Event
from apps.cases.models import Case
from apps.organisations.models import Enterprise
from apps.transfers.models import RosterRow, RosterVersion
from tests.worlds import workbook

CLERK, HEAD, OTHER = "rongyuan-clerk", "rongyuan-head", "meiquan-clerk"


@pytest.fixture
def clerk(world, signed_in):
    return signed_in(CLERK)


def opening(**form) -> dict:
    """The form of the desk by which a batch is opened, shown just now."""
    return {"process": "transferbatch", "key": uuid4()} | form


def opened(browser) -> Case:
    """A batch that the clerk opened from the desk."""
    browser.post("/desk/", opening())
    return Case.objects.latest("pk")


def roster(case) -> str:
    return f"/desk/{case.number}/roster/"


def without_names(*numbers):
    """Spoil the name of some rows of a roster."""

    def spoil(rows):
        for number in numbers:
            rows[number]["name"] = "A1"

    return spoil


def uploaded(browser, case, *spoilt, rows=4):
    file = workbook(case, rows, change=without_names(*spoilt))
    return browser.post(roster(case), {"roster": file}, follow=True)


def test_clerk_opens_a_batch_and_comes_to_its_roster(clerk):
    answer = clerk.post("/desk/", opening())
    case = Case.objects.get()
    assert (answer.url, case.stage, case.enterprise.key) == (roster(case), "draft", "ENT-001")


def test_a_double_click_opens_one_batch(clerk):
    form = opening(key=clerk.get("/desk/").context["key"])
    first, second = clerk.post("/desk/", form), clerk.post("/desk/", form)
    assert (second.url, Case.objects.count()) == (first.url, 1)


def test_a_form_of_somebody_else_opens_nothing(clerk, signed_in):
    form = opening()
    clerk.post("/desk/", form)
    assert (signed_in(OTHER).post("/desk/", form).status_code, Case.objects.count()) == (403, 1)


@pytest.mark.parametrize("key", ["", "1", "transferbatch"])
def test_a_forged_form_opens_nothing(clerk, key):
    assert (clerk.post("/desk/", opening(key=key)).status_code, Case.objects.count()) == (400, 0)


@pytest.mark.clause("M-107")
def test_an_enterprise_without_a_liaison_is_told_so_and_opens_nothing(clerk):
    Enterprise.objects.filter(organisation__key="ENT-001").update(liaison_name="")
    answer = clerk.post("/desk/", opening(), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["尚未满足：企业已登记联系人及电话"]
    assert not Case.objects.exists()


def test_head_is_not_offered_what_the_clerk_opens(world, signed_in):
    browser = signed_in(HEAD)
    assert browser.get("/desk/").context["openings"] == []
    assert browser.post("/desk/", opening()).status_code == 403


def test_desk_says_what_waits_for_us_and_who_acts_next(clerk):
    case = opened(clerk)
    (line,) = clerk.get("/desk/").context["lines"]
    assert (line["case"], str(line["stage"].title), str(line["next"])) == (case, "草拟", "企业经办人")
    assert [acts for _line, acts in line["ours"]] == ["上传花名册、注明不申报、申报"]


def test_every_fault_is_shown_with_row_column_and_how_to_mend(clerk):
    case = opened(clerk)
    answer = uploaded(clerk, case, 0, 2)
    shown = [
        (row.row_no, fault.code, fault.header) for row, found in answer.context["rows"] for fault in found
    ]
    assert shown == [(3, "V-02", "姓名"), (5, "V-02", "姓名")]
    assert answer.content.decode().count("怎样改") == 2


def test_faults_are_filtered_by_severity_and_rule(clerk):
    case = opened(clerk)

    def spoil(rows):
        rows[0]["name"], rows[1]["phone"], rows[2]["phone"] = "A1", "1", "1"

    clerk.post(roster(case), {"roster": workbook(case, 4, change=spoil)})
    asked = ({}, {"severity": "E"}, {"severity": "W"}, {"code": "V-02"}, {"severity": "nonsense"})
    assert [len(clerk.get(roster(case), one).context["rows"]) for one in asked] == [3, 1, 2, 1, 3]


def test_numbers_are_masked_on_the_page(clerk):
    case = opened(clerk)

    def destroy(rows):
        rows[0]["citizen_id"] = "445299194001010017"

    answer = clerk.post(roster(case), {"roster": workbook(case, 2, change=destroy)}, follow=True)
    assert "445299194001010017" not in answer.content.decode()


def test_leaving_out_asks_before_it_is_done(clerk):
    case = opened(clerk)
    uploaded(clerk, case, 0, 1)
    ask = clerk.post(f"{roster(case)}leave-out/", {"row": ["3"]})
    assert (ask.context["count"], RosterRow.objects.filter(left_out=True).count()) == (1, 0)
    clerk.post(f"{roster(case)}leave-out/", {"row": ["3"], "confirmed": "yes", "version": "1"})
    assert list(RosterRow.objects.filter(left_out=True).values_list("row_no", flat=True)) == [3]


def test_all_faulty_rows_can_be_left_out_at_once(clerk):
    case = opened(clerk)
    uploaded(clerk, case, 0, 1)
    clerk.post(f"{roster(case)}leave-out/", {"all": "yes", "confirmed": "yes", "version": "1"})
    assert RosterRow.objects.filter(left_out=True).count() == 2


def test_a_sound_row_cannot_be_left_out_by_a_forged_form(clerk):
    case = opened(clerk)
    uploaded(clerk, case, 0)
    clerk.post(f"{roster(case)}leave-out/", {"row": ["4", "x", "99"], "confirmed": "yes", "version": "1"})
    assert not RosterRow.objects.filter(left_out=True).exists()


def test_confirming_for_an_older_version_does_nothing(clerk):
    case = opened(clerk)
    uploaded(clerk, case, 0)
    uploaded(clerk, case, 1)
    clerk.post(f"{roster(case)}leave-out/", {"all": "yes", "confirmed": "yes", "version": "1"})
    assert not RosterRow.objects.filter(left_out=True).exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("名册.docx", b"PK\x03\x04 not a workbook"), ("空.xlsx", b""), ("名册.csv", b"a,b\n1,2\n")],
)
def test_a_file_that_is_no_roster_is_refused_and_the_draft_stays(clerk, name, content):
    case = opened(clerk)
    uploaded(clerk, case)
    answer = clerk.post(roster(case), {"roster": SimpleUploadedFile(name, content)})
    assert answer.status_code == 409 and answer.context["refused"]
    assert [version.number for version in RosterVersion.objects.filter(superseded=False)] == [1]


def test_uploading_nothing_is_said(clerk):
    case = opened(clerk)
    assert clerk.post(roster(case), {}).status_code == 400


def test_a_second_upload_says_what_changed(clerk):
    case = opened(clerk)
    uploaded(clerk, case, rows=2)
    answer = uploaded(clerk, case, rows=3)
    newest = answer.context["versions"][0]
    assert (newest[0].number, [(words, count) for words, count, _people in newest[1]]) == (
        2,
        [("新增", 3), ("减少", 2)],
    )


def test_another_enterprise_finds_nothing(clerk, signed_in):
    case = opened(clerk)
    uploaded(clerk, case, 0)
    other = signed_in(OTHER)
    pages = [
        other.get(roster(case)),
        other.get(f"{roster(case)}faults/"),
        other.post(f"{roster(case)}leave-out/", {"all": "yes"}),
    ]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert other.post(roster(case), {"roster": workbook(case)}).status_code == 404


def test_offices_have_no_desk(world, signed_in):
    assert [signed_in("city-clerk").get(place).status_code for place in ("/desk/", "/desk/template/")] == [
        403,
        403,
    ]


def test_after_filing_the_roster_cannot_be_replaced(world, signed_in):
    case = world.batch("submitted", 2)
    answer = signed_in(CLERK).post(roster(case), {"roster": workbook(case)})
    assert (answer.status_code, RosterVersion.objects.filter(case=case.pk).count()) == (409, 1)


def test_the_workbook_of_faults_is_coloured_and_its_taking_recorded(clerk):
    case = opened(clerk)
    uploaded(clerk, case, 0)
    book = load_workbook(io.BytesIO(clerk.get(f"{roster(case)}faults/").content))
    assert book.worksheets[0]["A2"].fill.start_color.rgb.endswith("F8C9C9")
    assert Event.objects.filter(stream="actor", move="export").count() == 1


def test_template_is_a_workbook_with_the_roster_sheet(clerk):
    book = load_workbook(io.BytesIO(clerk.get("/desk/template/").content))
    assert "花名册" in book.sheetnames


def test_as_many_statements_for_three_batches_and_faults_as_for_one(clerk):
    counted = []
    for number in (1, 2, 3):
        case = opened(clerk)
        uploaded(clerk, case, *range(number))
        with CaptureQueriesContext(connection) as queries:
            assert len(clerk.get("/desk/").context["lines"]) == number
            assert len(clerk.get(roster(case)).context["rows"]) == number
        counted.append(len(queries))
    assert counted[0] == counted[2]
