"""Workbooks we write: the report of faults, the empty form; none holds a formula a cell of the roster wanted."""

import io

import openpyxl
import pytest

from apps.exchange import report, roster, template
from apps.exchange.rules import RULES, judge
from apps.exchange.workbook import safe
from tests.exchange.places import book_on
from tests.exchange.rosters import AS_OF, as_xlsx, judged, people, sheet, somebody


def opened(judgement):
    out = io.BytesIO()
    report.write(judgement, out)
    return openpyxl.load_workbook(out)


def test_the_report_lists_every_fault_with_row_column_and_mend():
    judgement = judged(somebody(name="", citizen_id="445299194003150011"), somebody(row_no="2"))
    listed = list(opened(judgement)["问题清单"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[2], row[4], row[5]) for row in listed] == [
        ("3", "姓名", "V-02", "必须改正"),
        ("3", "公民身份号码", "V-06", "必须改正"),
    ]
    assert listed[1][3] == "4452***********011"
    assert listed[1][7].endswith("。")


def test_the_faulty_cells_are_coloured_and_explained_and_good_rows_left_out():
    page = opened(judged(somebody(sex="", phone="1"), somebody(row_no="2", citizen_id="", name="示例乙二")))[
        "有问题的行"
    ]
    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["3", "4"]
    sex, phone, name = page["D2"], page["Z2"], page["C2"]
    assert (sex.fill.fgColor.rgb, phone.fill.fgColor.rgb) == ("FFF8C9C9", "FFFCE8B2")
    assert name.fill.fgColor.rgb == "00000000"
    assert "V-03" in sex.comment.text
    whole = [cell.value for row in page.iter_rows() for cell in row if cell.value]
    assert "445299194003150010" not in whole


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_that_leaves_is_a_formula(text):
    assert safe(text) == f"'{text}"
    assert safe("甲=1") == "甲=1"
    page = opened(judged(somebody(remark="长" * 201, ethnicity=text)))["有问题的行"]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_the_empty_form_has_its_sheets_and_every_rule():
    out = io.BytesIO()
    template.write(out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["封面", "花名册", "续责清单", "填表说明", "代码表"]
    instructions = {row[0] for row in book["填表说明"].iter_rows(values_only=True)}
    assert set(RULES) <= instructions
    assert book["花名册"].column_dimensions["E"].width > 10


def test_a_form_filled_in_comes_back_as_it_was():
    rows = people(30)
    out = io.BytesIO()
    template.write_roster(out, cover={"移交人数": "30", "填报日期": AS_OF.isoformat()}, rows=rows)
    back = roster.read(out.getvalue())
    assert [{key: text for key, text in line.values.items() if text} for line in back.rows] == [
        {key: text for key, text in row.items() if text} for row in rows
    ]
    assert judge(back, as_of=AS_OF, book=book_on(AS_OF)).faults == []


def test_the_form_of_ours_and_of_a_stranger_read_the_same():
    rows = people(5)
    out = io.BytesIO()
    template.write_roster(out, cover={}, rows=rows)
    ours, theirs = roster.read(out.getvalue()), roster.read(as_xlsx(rows, hints=True))
    assert [line.values for line in ours.rows] == [line.values for line in theirs.rows]


def test_a_report_of_a_roster_without_fault():
    book = opened(judged(somebody()))
    assert book["问题清单"].max_row == 1
    assert sheet().rows == []
