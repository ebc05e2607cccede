"""The child process: one uploaded file on standard input, its cells as JSON on standard output.

The first line of the input is JSON: the headers a roster may have, by which its sheet is recognised; the rest
is the file. The answer is either {"fault": code, ...} or the roster's sheet, its cover and what hides in it.
"""

import csv
import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

from apps.exchange.reading.kinds import Refused, kind_of, looks_like
from apps.exchange.reading.marks import marks_of
from apps.exchange.reading.old_marks import old_marks_of

MEMORY = 1_500_000_000
CPU_SECONDS = 60
MOST_ROWS = 200_000
MOST_COLUMNS = 400
HEADER_WITHIN = 30
COVER = "封面"
# A whole number up to here was typed as it stands; beyond it a spreadsheet has rounded it.
EXACT = 10**15


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        answer = read(sys.stdin.buffer.read(), set(asked["headers"]))
    except Refused as refused:
        answer = {"fault": refused.code}
    except MemoryError:
        answer = {"fault": "too_large"}
    except Exception as fault:
        # Whatever a broken file does to a parser, the user is told that the file is broken.
        answer = {"fault": "damaged", "detail": type(fault).__name__}
    json.dump(answer, sys.stdout, ensure_ascii=False, separators=(",", ":"))


def read(data: bytes, headers: set[str]) -> dict:
    """Return the roster's sheet as texts; raise Refused for a file that is none of the accepted kinds."""
    kind = kind_of(data)
    if kind == "csv":
        return {"kind": kind, "sheet": "", "rows": _csv_rows(data), "cover": [], "marks": {}}
    return _workbook(data, kind, headers)


def _workbook(data: bytes, kind: str, headers: set[str]) -> dict:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise Refused("password") from None
    except CalamineError:
        raise Refused("damaged") from None
    best, best_score, cover, too_large = None, (-1, False), [], False
    for name in (one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet):
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            too_large = True
            continue
        if name.strip() == COVER:
            cover = _texts(sheet, 100)
            continue
        score = (looks_like(_texts(sheet, HEADER_WITHIN), headers), "花名册" in name)
        if score > best_score:
            best, best_score = sheet, score
    if best is None or (too_large and best_score[0] == 0):
        raise Refused("too_large" if too_large else "empty")
    marks = (
        marks_of(data, best.name) if kind == "xlsx" else old_marks_of(data, book.sheet_names.index(best.name))
    )
    marks["merged"] = best.merged_cell_ranges or []
    return {"kind": kind, "sheet": best.name, "rows": _texts(best), "cover": cover, "marks": marks}


def _texts(sheet, most: int | None = None) -> list[list[str]]:
    return [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False, nrows=most)]


def _text(value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta | time):
        return str(value)
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:.5E}"
    if value == int(value):
        return str(int(value))
    return repr(value)


def _csv_rows(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    first = text[:4096].partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        rows.append(row)
        if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise Refused("too_large")
    return rows


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


if __name__ == "__main__":
    main()
