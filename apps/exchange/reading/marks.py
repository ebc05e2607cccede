"""What hides in a sheet of an xlsx file: formulas, hidden rows, hidden columns.

The reader of cells does not tell them. A quick look for their words decides whether the sheet's XML must be
parsed at all: an honest roster has none.
"""

import io
import posixpath
import zipfile
from xml.parsers import expat

from apps.exchange.reading.kinds import Refused

# Plain searches: one pattern of them all takes ten times as long.
HINTS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b"hidden=", b"hidden =", b'ht="0"', b"ht='0'", b"<!DOCTYPE")
CHUNK = 1 << 20
OVERLAP = 64
MOST = 5_000
TRUE = {"1", "true"}


def marks_of(data: bytes, sheet: str) -> dict:
    """Return {"formulas": [address], "hidden_rows": [line], "hidden_columns": [first, last]} of a sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part_of(archive, sheet)
        if part is None or not _may_hide(archive, part):
            return {}
        return _Marks().of(archive, part)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Follow the workbook's own relations from a sheet's name to its part."""
    relation = ""

    def sheet_started(name, attributes):
        nonlocal relation
        if name.rpartition(":")[2] == "sheet" and attributes.get("name") == sheet:
            relation = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")

    _parse(archive, "xl/workbook.xml", sheet_started)
    target = None

    def relation_started(name, attributes):
        nonlocal target
        if attributes.get("Id") == relation:
            target = attributes.get("Target")

    _parse(archive, "xl/_rels/workbook.xml.rels", relation_started)
    if target is None:
        return None
    path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return path if path in archive.namelist() else None


def _may_hide(archive: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            seen = tail + chunk
            # Another encoding than UTF-8 has zero bytes, and would hide the words.
            if b"\x00" in seen or any(hint in seen for hint in HINTS):
                return True
            tail = chunk[-OVERLAP:]
    return False


class _Marks:
    def __init__(self):
        self.formulas: list[str] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[list[int]] = []
        self.row = 0
        self.cell = ""

    def of(self, archive: zipfile.ZipFile, part: str) -> dict:
        _parse(archive, part, self.started)
        return {
            "formulas": self.formulas,
            "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns,
        }

    def started(self, name: str, attributes: dict) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.cell = attributes.get("r", "")
        elif name == "f" and len(self.formulas) < MOST:
            self.formulas.append(self.cell)
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            if _hidden(attributes) and len(self.hidden_rows) < MOST:
                self.hidden_rows.append(self.row)
        elif name == "col" and (_hidden(attributes) or attributes.get("width") == "0"):
            self.hidden_columns.append([int(attributes["min"]), int(attributes["max"])])


def _hidden(attributes: dict) -> bool:
    return attributes.get("hidden", "").lower() in TRUE or attributes.get("ht") == "0"


def _parse(archive: zipfile.ZipFile, part: str, started) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def _refuse_doctype(*_):
    raise Refused("damaged")


def letters(place: int) -> str:
    """Return the spreadsheet's letters for a column counted from 0."""
    written = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        written = chr(65 + rest) + written
    return written
