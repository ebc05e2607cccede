"""Files that are no roster: each refused in one sentence, none of them able to take the service down."""

import io
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from django.conf import settings

from apps.exchange import roster
from apps.exchange.columns import KEYS
from apps.exchange.reading import kinds
from apps.exchange.roster import WHY
from tests.exchange.rosters import HEADERS, as_csv, as_xlsx, people


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def altered(workbook, **changes):
    """The workbook with some of its parts replaced, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in changes:
                new.writestr(part, old.read(part))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


GOOD = as_xlsx(people(1))
TYPES = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
OLE = kinds.OLE + b"\0" * 504
FILES = {
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n ", "empty"),
    "a_picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "wrong_type"),
    "a_pdf": (b"%PDF-1.7\n1 0 obj\n", "wrong_type"),
    "a_document": (archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}), "wrong_type"),
    "a_plain_zip": (archive(a="b"), "wrong_type"),
    "a_web_page": ("<html><table><tr><td>姓名</td></tr></table></html>".encode(), "web_page"),
    "a_zero_byte_far_in": (as_csv(people(1)) + b"\r\n" * 600_000 + b"\0", "wrong_type"),
    "utf_16": ("姓名,性别".encode("utf-16"), "encoding"),
    "an_unknown_encoding": (b"\xff\xa0\x81,\x80\xff\n", "encoding"),
    "half_a_workbook": (GOOD[: len(GOOD) // 2], "damaged"),
    "a_broken_sheet": (
        altered(GOOD, **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}),
        "damaged",
    ),
    "a_binary_workbook": (
        archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"x"}),
        "binary_workbook",
    ),
    "a_macro": (altered(GOOD, **{"xl/vbaProject.bin": b"x"}), "macro"),
    "a_macro_type": (altered(GOOD, **{"[Content_Types].xml": TYPES}), "macro"),
    "an_old_macro": (OLE + "_VBA_PROJECT_CUR".encode("utf-16-le") + "Workbook".encode("utf-16-le"), "macro"),
    "an_old_document": (OLE + "WordDocument".encode("utf-16-le"), "wrong_type"),
    "a_password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "an_old_wreck": (OLE + "Workbook".encode("utf-16-le"), "damaged"),
    "a_bomb": (archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": b"\0" * 30_000_000}), "bomb"),
    "many_parts": (archive(**{f"p{n}": "" for n in range(kinds.MOST_PARTS + 1)}), "bomb"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_roster_is_refused_with_its_reason(name):
    data, why = FILES[name]
    with pytest.raises(roster.Unreadable) as refused:
        roster.read(data, "名册.xlsx")
    assert (refused.value.message, refused.value.code) == (WHY[why], "V-60")


def test_a_doctype_is_never_followed():
    evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>'
    with pytest.raises(roster.Unreadable):
        roster.read(altered(GOOD, **{"xl/worksheets/sheet1.xml": evil}))


def test_a_file_that_says_it_is_smaller_than_it_is_does_no_harm():
    data = bytearray(altered(GOOD, **{"xl/worksheets/sheet1.xml": b" " * 5_000_000}))
    size = (5_000_000).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(roster.Unreadable):
        roster.read(bytes(data))


def test_one_cell_far_below_is_too_much_to_read():
    def spoil(book, page, first):
        page.write(1_048_575, 16_383, "x")

    with pytest.raises(roster.Unreadable) as refused:
        roster.read(as_xlsx(people(1), change=spoil))
    assert refused.value.message == WHY["too_large"]


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(roster, "SECONDS", 0.001)
    with pytest.raises(roster.Unreadable) as refused:
        roster.read(GOOD)
    assert refused.value.message == WHY["time"]


def test_a_file_over_the_limit_is_not_even_opened(tmp_path):
    big = tmp_path / "big.xlsx"
    with big.open("wb") as file:
        file.truncate(roster.LARGEST + 1)
    with pytest.raises(roster.Unreadable) as refused:
        roster.read(big)
    assert refused.value.message == WHY["size"]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(roster.Unreadable):
        roster.read(tmp_path / "none.xlsx")


def test_the_child_knows_nothing_of_the_service():
    loaded = "import sys, apps.exchange.reading.child; print('django' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, check=True, cwd=settings.BASE_DIR
    )
    assert said.stdout.strip() == b"False"


def test_an_empty_sheet():
    out = io.BytesIO()
    xlsxwriter.Workbook(out).close()
    with pytest.raises(roster.Unreadable) as refused:
        roster.read(out.getvalue())
    assert refused.value.message == WHY["empty"]


def test_a_sheet_of_something_else_names_the_columns_a_roster_has():
    with pytest.raises(roster.Unreadable) as refused:
        roster.read("品名,数量\n钢笔,3\n".encode())
    assert refused.value.code == "V-57"
    assert "公民身份号码" in refused.value.message


def test_all_missing_required_columns_are_named_at_once():
    keys = tuple(key for key in KEYS if key not in ("citizen_id", "retire_date", "spouse"))
    with pytest.raises(roster.Unreadable) as refused:
        roster.read(as_xlsx(people(1), keys=keys))
    assert refused.value.code == "V-57"
    assert refused.value.message == "花名册缺少必需的列：公民身份号码、退休时间。"


def test_headers_without_anybody():
    for data in (as_csv([]), as_xlsx([], hints=True), as_csv([], headers=HEADERS, encoding="gb18030")):
        with pytest.raises(roster.Unreadable):
            roster.read(data)
