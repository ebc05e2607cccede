"""Reading a roster 花名册: from an uploaded file to rows of texts in the order of the form, and its cover 封面.

The file is opened in a child process with limits of time and memory; columns are found by their headers, never by
position. What makes a file unreadable is said in one sentence, `Unreadable`; all else is for `rules.judge`.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.exchange.columns import COLUMNS, HINT_WORDS, HINTS, KEYS, column_of, headers
from apps.exchange.cover import Cover, read_cover
from apps.exchange.reading.kinds import plain
from apps.exchange.reading.marks import letters
from apps.exchange.values import any_untidy, is_untidy, tidy

LARGEST = 50 * 1024 * 1024
SECONDS = 90
HEADER_WITHIN = 30
FEWEST_HEADERS = 5
FEWEST_HINTS = 3
FEWEST_DIGITS = 10
EMPTY = dict.fromkeys(KEYS, "")

WHY = {
    "wrong_type": _("文件不是电子表格：只接受 xlsx、xls 或 csv 格式。"),
    "binary_workbook": _("不接受 xlsb 格式：请另存为 xlsx 后再上传。"),
    "web_page": _("文件其实是网页，不是电子表格：请在表格软件中打开，另存为 xlsx 后再上传。"),
    "encoding": _("文本文件的编码无法识别：请另存为 UTF-8 或 GB18030 编码的 csv，或另存为 xlsx。"),
    "macro": _("文件含有宏：请另存为不含宏的 xlsx 后再上传。"),
    "password": _("文件设有密码：请取消密码后再上传。"),
    "damaged": _("文件已损坏或不完整，无法打开：请在表格软件中重新保存后再上传。"),
    "bomb": _("文件展开后过大（上限300 MB），未予打开。"),
    "too_large": _("文件内容过多，无法读取：请只保留花名册，删去多余的空行、空列和工作表后再上传。"),
    "empty": _("文件是空的，没有可读取的内容。"),
    "size": _("文件超过50 MB：请分批上传。"),
    "time": _("读取文件用时过长，已停止：请只保留花名册后重新保存再上传。"),
}


class Unreadable(Exception):
    """The file cannot be read as a roster; `message` says why, `code` by which rule."""

    def __init__(self, message: str | Promise, code: str = "V-60"):
        self.message = message
        self.code = code
        super().__init__(str(message))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the roster: its number in the spreadsheet, its tidied texts by column, which were untidy."""

    number: int
    values: dict[str, str]
    untidy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Something hidden in the roster: what (formula, hidden_row, …), in which line, at which address."""

    kind: str
    number: int
    address: str


@dataclass
class Sheet:
    """A roster as it was uploaded."""

    file_name: str
    kind: str
    name: str
    digest: str
    header_line: int
    letters: dict[str, str]
    rows: list[Line]
    cover: Cover
    marks: list[Mark] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def batch_date(self, as_of: date | None, *, today: date) -> date:
        """The day the roster is judged for: as told, else the cover's, else today."""
        return as_of or self.cover.filled_on or today


def read(file: Path | str | bytes, filename: str = "") -> Sheet:
    """Return the roster in a file; raise Unreadable in the user's words when there is none to read."""
    data = _content(file)
    filename = filename or (Path(file).name if not isinstance(file, bytes) else "")
    answer = _read_in_child(data, headers().keys())
    return _sheet(answer, filename, hashlib.sha256(data).hexdigest())


def read_rows(file: Path | str | bytes, *, headers: Collection[str]) -> list[list[str]]:
    """Return the cells of any sheet that has these headers (without blanks, width and case), as texts."""
    return _read_in_child(_content(file), headers)["rows"]


def _content(file: Path | str | bytes) -> bytes:
    if isinstance(file, bytes):
        size, content = len(file), file
    else:
        try:
            size = Path(file).stat().st_size
            content = Path(file).read_bytes() if size <= LARGEST else b""
        except OSError as fault:
            raise Unreadable(
                _("无法打开文件：%(why)s") % {"why": fault.strerror or type(fault).__name__}
            ) from None
    if size > LARGEST:
        raise Unreadable(WHY["size"])
    return content


def _read_in_child(data: bytes, wanted: Collection[str]) -> dict:
    asked = json.dumps({"headers": sorted(wanted)}).encode() + b"\n"
    try:
        child = subprocess.run(
            [sys.executable, "-E", "-s", "-X", "utf8", "-m", "apps.exchange.reading.child"],
            input=asked + data,
            capture_output=True,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(WHY["time"]) from None
    if child.returncode != 0:
        # Killed by a limit, or the reader aborted: either way there was too much of something.
        raise Unreadable(WHY["too_large"])
    answer = json.loads(child.stdout)
    if "fault" in answer:
        raise Unreadable(WHY[answer["fault"]])
    return answer


def _sheet(answer: dict, filename: str, digest: str) -> Sheet:
    rows = answer.pop("rows")
    if not any(cell.strip() for row in rows for cell in row):
        raise Unreadable(WHY["empty"])
    at = _header_at(rows)
    places, twice = _places(rows[at])
    missing = [column for column in COLUMNS if column.key not in places]
    if required := [column.header for column in missing if column.required]:
        raise Unreadable(_("花名册缺少必需的列：%(columns)s。") % {"columns": "、".join(required)}, "V-57")
    lines, marks = _lines(rows, at, places)
    if not lines:
        raise Unreadable(_("花名册中没有人员：表头下面没有填写任何一行。"))
    last = lines[-1].number
    marks += [Mark("second_table", at + 1, f"{letters(place)}{at + 1}") for place in twice]
    marks += _hidden(answer["marks"], at + 1, last, set(places.values()))
    return Sheet(
        file_name=filename,
        kind=answer["kind"],
        name=answer["sheet"],
        digest=digest,
        header_line=at + 1,
        letters={key: letters(place) for key, place in places.items()},
        rows=lines,
        cover=read_cover(answer["cover"]),
        marks=marks,
        missing=[column.key for column in missing],
    )


def _header_at(rows: list[list[str]]) -> int:
    scores = [_headers_in(row) for row in rows[:HEADER_WITHIN]]
    best = max(scores)
    if best < FEWEST_HEADERS:
        required = "、".join(column.header for column in COLUMNS if column.required)
        raise Unreadable(_("找不到花名册的表头，应有下列各列：%(columns)s。") % {"columns": required}, "V-57")
    return scores.index(best)


def _headers_in(row: list[str]) -> int:
    return len({column_of(cell) for cell in row if cell} - {None})


def _places(header: list[str]) -> tuple[dict[str, int], list[int]]:
    """Return where each column is, and the places of headers that stand there a second time."""
    places, twice = {}, []
    for place, cell in enumerate(header):
        key = column_of(cell)
        if key is None:
            continue
        if key in places:
            twice.append(place)
        else:
            places[key] = place
    return places, twice


def _lines(rows: list[list[str]], at: int, places: dict[str, int]) -> tuple[list[Line], list[Mark]]:
    lines, marks = [], []
    present = itemgetter(*places.values())
    width = max(places.values()) + 1
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        if not any(row):
            continue
        row = row if len(row) >= width else row + [""] * (width - len(row))
        line = _line(number, present(row), tuple(places))
        filled = len(line.values) - list(line.values.values()).count("")
        if not filled:
            continue
        if not lines and _is_hints(line.values):
            continue
        if _is_header_again(line.values["citizen_id"], row, len(places)):
            marks.append(Mark("second_table", number, f"A{number}"))
        elif not line.values["name"] and not line.values["citizen_id"] and filled < FEWEST_HEADERS:
            marks.append(Mark("note", number, f"A{number}"))
        else:
            lines.append(line)
    return lines, marks


def _is_header_again(citizen_id: str, row: list[str], columns: int) -> bool:
    # Most rows have a number: looking up each of their cells would take longer than reading the file.
    return not any(one.isdigit() for one in citizen_id) and _headers_in(row) > columns // 2


def _line(number: int, texts: tuple[str, ...], keys: tuple[str, ...]) -> Line:
    values = EMPTY | dict(zip(keys, texts, strict=True))
    if not any_untidy(texts):
        return Line(number, values)
    untidy = tuple(key for key in keys if values[key].strip() and is_untidy(values[key]))
    return Line(number, {key: tidy(text) for key, text in values.items()}, untidy)


def _is_hints(values: dict[str, str]) -> bool:
    """Say whether the row under the header instructs; a row whose 序号 is a number is a person's."""
    if values["row_no"].isdigit():
        return False
    if sum(one.isdigit() for one in values["citizen_id"]) >= FEWEST_DIGITS:
        return False
    texts = [text for key, text in values.items() if text and key not in ("name", "remark")]
    return sum(1 for text in texts if plain(text) in HINTS or HINT_WORDS.search(text)) >= FEWEST_HINTS


def _hidden(found: dict, first: int, last: int, places: set[int]) -> list[Mark]:
    """Keep of what hides in the sheet only what lies within the roster."""
    marks = []
    for address in found.get("formulas", ()):
        column, number = _split(address)
        if first <= number <= last and column in places:
            marks.append(Mark("formula", number, address))
    marks += [Mark("hidden_row", n, f"{n}:{n}") for n in found.get("hidden_rows", ()) if first <= n <= last]
    for least, most in found.get("hidden_columns", ()):
        marks += [
            Mark("hidden_column", 0, f"{letters(place)}:{letters(place)}")
            for place in sorted(places)
            if least <= place + 1 <= most
        ]
    for (top, left), (bottom, right) in found.get("merged", ()):
        address = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
        for number in range(max(top + 1, first), min(bottom + 1, last) + 1):
            marks.append(Mark("merged", number, address))
    return marks


def _split(address: str) -> tuple[int, int]:
    column_letters = address.rstrip("0123456789")
    column = 0
    for character in column_letters:
        column = column * 26 + ord(character.upper()) - 64
    return column - 1, int(address[len(column_letters) :] or 0)
