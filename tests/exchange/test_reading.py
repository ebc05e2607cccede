"""Reading rosters as people really write them: headers, hints, titles, encodings, dates, and what they hide."""

from datetime import date
from pathlib import Path

import pytest

from apps.exchange import roster
from apps.exchange.columns import KEYS, column_of
from apps.exchange.reading.old_marks import old_marks_of
from tests.exchange.rosters import HEADERS, as_csv, as_xlsx, people, somebody

# Six people; a formula in B8 and one outside, row 5 and column C hidden, K6:K7 merged.
OLD_ROSTER = Path(__file__).parent / "data" / "old_roster.xls"


def names(sheet):
    return [line.values["name"] for line in sheet.rows]


def kinds(sheet):
    return {(mark.kind, mark.number, mark.address) for mark in sheet.marks}


def test_the_form_itself_is_read_with_its_hints_and_its_cover():
    cover = {
        "单位名称：": "示例厂",
        "统一社会信用代码": "91445200wwdem0014k",
        "填报日期": "2026年10月1日",
        "移交人数": "2人",
    }
    sheet = roster.read(as_xlsx(people(2), hints=True, cover=cover), "a.xlsx")
    assert [line.number for line in sheet.rows] == [3, 4]
    assert (sheet.cover.name, sheet.cover.code) == ("示例厂", "91445200WWDEM0014K")
    assert (sheet.cover.filled_on, sheet.cover.heads) == (date(2026, 10, 1), 2)
    assert sheet.marks == []
    assert sheet.missing == []
    assert sheet.letters["citizen_id"] == "E"


def test_a_roster_without_hints_keeps_its_first_person():
    first, second = people(2)
    assert names(roster.read(as_xlsx([first, second]))) == [first["name"], second["name"]]


def test_a_first_person_without_a_number_of_the_row_is_no_hint():
    assert names(roster.read(as_xlsx([somebody(row_no="")]))) == ["示例甲一"]


def test_titles_above_the_header_are_skipped():
    sheet = roster.read(
        as_xlsx(people(1), titles=("揭阳市示例厂退休人员花名册", "", "填报日期：2026-10-01"), hints=True)
    )
    assert sheet.header_line == 4
    assert [line.number for line in sheet.rows] == [6]


def test_columns_are_found_by_name_wherever_they_stand():
    person = somebody()
    turned = tuple(reversed(KEYS))
    sheet = roster.read(as_xlsx([person], keys=turned))
    assert sheet.rows[0].values == dict.fromkeys(KEYS, "") | person


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("身份证号码", "citizen_id"), ("身份证号", "citizen_id"), ("公民 身份\n号码", "citizen_id"), ("＊姓名", "name"),
        ("个人编号", "si_no"), ("社会保障号", "si_no"), ("出生年月日", "birth_date"),
        ("户籍地 街道（乡镇）", "hukou_street"),
        ("档案编号 ／ 卷数 ／ 页数", "file"), ("退休年龄校验 (auto)", "retire_age"), ("工资", None), ("", None),
    ],
)  # fmt: skip
def test_headers_are_known_by_their_other_spellings(header, key):
    assert column_of(header) == key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_both_encodings(encoding, delimiter):
    rows = people(2, name="示例\u3400一", remark="第一行\n第二行")
    sheet = roster.read(as_csv(rows, encoding=encoding, delimiter=delimiter), "a.csv")
    assert (sheet.kind, names(sheet)[0]) == ("csv", "示例\u3400一")
    assert sheet.rows[0].values["remark"] == "第一行 第二行"
    assert "remark" in sheet.rows[0].untidy


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_real_dates_are_read_in_both_date_systems(options):
    sheet = roster.read(as_xlsx([somebody(birth_date=date(1940, 3, 15))], options=options))
    assert sheet.rows[0].values["birth_date"] == "1940-03-15"


def test_eighteen_digits_stored_as_a_number_are_seen_to_be_destroyed():
    sheet = roster.read(
        as_xlsx([somebody(citizen_id=445299194003150010), somebody(citizen_id=445299400315001)])
    )
    assert [line.values["citizen_id"] for line in sheet.rows] == ["4.45299E+17", "445299400315001"]


def test_formulas_hidden_rows_and_merged_cells_are_found_with_their_address():
    def spoil(book, page, first):
        page.write_formula(first, 1, '="示例"&"甲一"', None, "示例甲一")
        page.set_row(first + 1, None, None, {"hidden": True})
        page.merge_range(first + 2, 3, first + 3, 3, "汉族")
        page.set_column(2, 2, None, None, {"hidden": True})

    sheet = roster.read(as_xlsx(people(4), titles=("名册",), change=spoil))
    assert kinds(sheet) == {
        ("formula", 3, "B3"),
        ("hidden_row", 4, "4:4"),
        ("merged", 5, "D5:D6"),
        ("merged", 6, "D5:D6"),
        ("hidden_column", 0, "C:C"),
    }
    assert names(sheet)[0] == "示例甲一"


def test_what_lies_outside_the_roster_is_no_fault():
    def spoil(book, page, first):
        page.merge_range(0, 0, 0, 6, "名册")
        page.write_formula(first + 40, 60, "=1+1", None, 2)
        page.write_formula(first, 60, "=1+1", None, 2)
        other = book.add_worksheet("汇总")
        other.merge_range(0, 0, 3, 3, "合计")
        other.write_formula(5, 5, "=SUM(A1:A3)")

    assert roster.read(as_xlsx(people(2), titles=("",), change=spoil)).marks == []


def test_a_second_table_and_a_closing_note_are_not_taken_for_people():
    def spoil(book, page, first):
        page.write_row(first + 2, 0, HEADERS)
        page.write_row(first + 4, 0, ["合计", "", "", "共2人"])

    sheet = roster.read(as_xlsx(people(2), change=spoil))
    assert len(sheet.rows) == 2
    assert kinds(sheet) == {("second_table", 4, "A4"), ("note", 6, "A6")}


def test_a_header_that_stands_twice_is_found():
    page = as_xlsx(people(1), headers=[*HEADERS[:-1], "姓名"])
    assert kinds(roster.read(page)) == {("second_table", 1, "AQ1")}


def test_the_hints_of_another_form_are_no_person():
    hints = somebody(
        row_no="序号",
        name="与身份证一致",
        citizen_id="18位号码",
        sex="男/女",
        birth_date="yyyy-mm-dd",
        mla="是/否",
    )
    assert names(roster.read(as_xlsx([hints, somebody()]))) == ["示例甲一"]


def test_what_nobody_sees_is_taken_out():
    unseen = "示例\u202e甲\u200b一\x7f"
    line = roster.read(as_csv([somebody(name=unseen)])).rows[0]
    assert (line.values["name"], line.untidy) == ("示例甲一", ("name",))


def test_untidy_cells_are_put_in_order_and_remembered():
    sheet = roster.read(as_xlsx([somebody(name=" 示例甲一\n", phone="０６６３－5550001", spouse="   ")]))
    line = sheet.rows[0]
    assert (line.values["name"], line.values["phone"], line.values["spouse"]) == (
        "示例甲一",
        "0663-5550001",
        "",
    )
    assert line.untidy == ("name", "phone")


def test_optional_columns_may_be_missing():
    keys = tuple(key for key in KEYS if key not in ("spouse", "remark"))
    assert roster.read(as_xlsx(people(1), keys=keys)).missing == ["spouse", "remark"]


def test_the_roster_sheet_is_found_by_its_headers():
    def spoil(book, page, first):
        page.name = "Sheet9"
        book.add_worksheet("花名册说明").write(0, 0, "请填写")

    assert roster.read(as_xlsx(people(1), change=spoil)).name == "Sheet9"


def test_the_same_file_has_the_same_digest():
    data = as_csv(people(1))
    assert roster.read(data).digest == roster.read(data).digest != roster.read(as_csv(people(2))).digest


def test_an_old_workbook_is_read_with_all_that_hides_in_it():
    sheet = roster.read(OLD_ROSTER)
    assert (sheet.kind, len(sheet.rows), sheet.cover.heads) == ("xls", 6, 6)
    assert sheet.rows[0].values["birth_date"].count("-") == 2
    assert kinds(sheet) == {
        ("formula", 8, "B8"),
        ("hidden_row", 5, "5:5"),
        ("hidden_column", 0, "C:C"),
        ("merged", 6, "K6:K7"),
        ("merged", 7, "K6:K7"),
    }


def test_an_old_workbook_cut_short_or_garbled_never_breaks_the_reader():
    whole = OLD_ROSTER.read_bytes()
    for data in (
        whole[:600],
        whole[:5000],
        whole[: len(whole) // 2],
        whole[:512] + b"\xff" * 4000 + whole[4512:],
    ):
        assert old_marks_of(data, 1).keys() <= {"formulas", "hidden_rows", "hidden_columns"}
        with pytest.raises(roster.Unreadable):
            roster.read(data)
