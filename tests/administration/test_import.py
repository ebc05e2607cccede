"""Posts from a spreadsheet: all faults at once with their place and remedy, and nothing of a faulty sheet kept."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.administration import importing
from apps.organisations.models import Post, User
from apps.organisations.proposal import Proposal
from tests.worlds import citizen_number

PLACE = "/administration/people/import/"
GOOD = ("new-clerk", "示例一", "", "445202001-RMO", "街道经办", "2026-01-01")


def sheet(*rows) -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out).writerows([importing.COLUMNS.values(), *rows])
    return SimpleUploadedFile("posts.csv", out.getvalue().encode())


def test_a_good_sheet_is_one_proposal_approved_at_once(town, as_):
    rows = [(f"clerk{n}", f"示例{n}", citizen_number(), *GOOD[3:]) for n in range(30)]
    answer = as_("sys-admin").post(PLACE, {"sheet": sheet(*rows)})
    proposal = Proposal.objects.get()
    assert (answer.status_code, len(proposal.changes)) == (302, 30)
    assert rows[0][2] not in str(proposal.changes)
    as_("sec-admin").post(answer.headers["Location"], {"decision": "approve"})
    assert Post.objects.held().filter(user__username__startswith="clerk").count() == 30
    assert User.objects.get(username="clerk7").identity_digest


def test_all_faults_are_shown_at_once_with_row_column_and_remedy(town, as_):
    answer = as_("sys-admin").post(
        PLACE,
        {
            "sheet": sheet(
                GOOD,
                ("", "示例二", "", "nowhere", "街道经办", "昨天"),
                ("a b", "示例三", "445299193801010010", "445202001-RMO", "退管负责人", "2026-01-01"),
                ("city-clerk", "别名", "", "445200-RMO", "退管经办", "2026-01-01"),
                ("boss", "示例四", "", "PLATFORM", "安全管理员", "2026-01-01"),
                ("twice", "示例五", "", "445202002-RMO", "街道经办", "2026-01-01"),
                ("twice", "示例五", "", "445202002-RMO", "街道经办", "2026-01-01"),
                ("one", "示例六", "", "445202002-RMO", "街道经办", "2026-01-01"),
                ("one", "示例七", "", "445202001-RMO", "街道经办", "2026-01-01"),
            )
        },
    )
    faults = answer.context["faults"]
    assert answer.status_code == 409
    assert [(fault.row, fault.column, fault.header) for fault in faults] == [
        (3, "A", "账号"),
        (3, "D", "机构标识"),
        (3, "F", "起任日期"),
        (4, "A", "账号"),
        (4, "C", "公民身份号码"),
        (4, "E", "岗位"),
        (5, "B", "姓名"),
        (5, "E", "岗位"),
        (6, "E", "岗位"),
        (7, "A", "账号"),
        (8, "A", "账号"),
        (9, "B", "姓名"),
        (10, "B", "姓名"),
    ]
    assert all(fault.message and fault.mend for fault in faults)
    assert "445299193801010010" not in answer.content.decode()
    assert not Proposal.objects.exists()
    assert not User.objects.filter(username="new-clerk").exists()


def test_a_sheet_without_its_header_and_a_file_that_is_none_are_refused_in_words(town, as_):
    for content in (b"a,b,c\n1,2,3\n", b"%PDF-1.4", b""):
        answer = as_("sys-admin").post(PLACE, {"sheet": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code in (400, 409)
        assert answer.context["refused"]
    assert as_("sys-admin").post(PLACE).status_code == 400


def test_judging_a_sheet_costs_the_same_for_one_row_and_for_many(town, django_assert_num_queries):
    for rows in ([GOOD], [(f"clerk{n}", *GOOD[1:]) for n in range(200)]):
        with django_assert_num_queries(3):
            assert importing.read(sheet(*rows).read()).faults == []


def test_the_template_is_a_sheet_that_can_be_read(town):
    assert importing.read(importing.template()).faults == []
