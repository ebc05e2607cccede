"""The match with the social-insurance agency as an exchange of files: the query goes out, the filled answer comes back.

Each row carries our key, so that the answer may come in any order. What the agency holds is compared with what the
enterprise filed: dead (V-53), not drawing a pension (V-54), another name, birth date, number or unit (V-55).
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

from django.utils.translation import gettext as _

from apps.exchange import roster
from apps.exchange import values as cell
from apps.exchange.reading.kinds import plain
from apps.exchange.workbook import HEADER, TEXT, add_sheet, new_workbook, safe
from apps.retirees import numbers

ASKED = ("核对编号", "姓名", "公民身份号码", "出生日期", "单位名称", "个人编号")
ANSWERED = (
    "社保登记姓名",
    "社保登记号码",
    "社保登记出生日期",
    "社保登记单位",
    "待遇状态",
    "死亡日期",
    "社保备注",
)
HEADERS = ASKED + ANSWERED
NEEDED = ("核对编号", "待遇状态")
DRAWING, DEAD, UNINSURED = "领取中", "死亡", "未参保"

Status = Literal["matched", "differs", "not_drawing", "dead", "uninsured", "unanswered"]


class Query(NamedTuple):
    """One person we ask about; `key` is ours and comes back with the answer."""

    key: str
    name: str
    number: str
    birth_date: date
    unit: str
    si_no: str = ""


class Answer(NamedTuple):
    """What the agency holds of one person; empty texts where it agrees or says nothing."""

    key: str
    state: str
    name: str = ""
    number: str = ""
    birth_date: str = ""
    unit: str = ""
    died_on: date | None = None
    note: str = ""


class Differing(NamedTuple):
    """One field in which the two differ, numbers masked; ``code`` says which, as in ``apps.cases.faults``."""

    code: str
    ours: str
    theirs: str


@dataclass
class Result:
    """How one person came out of the match; `code` is the rule concerned, empty when all agrees."""

    status: Status
    code: str = ""
    fields: list[Differing] = field(default_factory=list)
    died_on: date | None = None
    note: str = ""


@dataclass
class Matched:
    """The outcome of a match: a result for every person asked about, and keys that were never asked."""

    results: dict[str, Result]
    unknown: list[str]

    def of(self, status: Status) -> list[str]:
        """Return the keys with this status."""
        return [key for key, result in self.results.items() if result.status == status]


def write_query(
    queries: Iterable[Query], out: str | Path | BinaryIO, *, kind: Literal["xlsx", "csv"] = "xlsx"
) -> None:
    """Write the list that the agency fills in."""
    asked = (
        [one.key, one.name, one.number, one.birth_date.isoformat(), one.unit, one.si_no] for one in queries
    )
    _write(out, kind, ([*row, *[""] * len(ANSWERED)] for row in asked))


def write_answer(
    queries: Iterable[Query],
    answers: Mapping[str, Answer],
    out: str | Path | BinaryIO,
    *,
    kind: Literal["xlsx", "csv"] = "xlsx",
) -> None:
    """Write the list as the agency returns it; who is not among `answers` draws a pension and all agrees."""
    _write(out, kind, (_answered(one, answers.get(one.key) or Answer(one.key, DRAWING)) for one in queries))


def _answered(query: Query, answer: Answer) -> list[str]:
    insured = answer.state != UNINSURED
    return [
        query.key, query.name, query.number, query.birth_date.isoformat(), query.unit, query.si_no,
        answer.name or (query.name if insured else ""),
        answer.number or (query.number if insured else ""),
        answer.birth_date or (query.birth_date.isoformat() if insured else ""),
        answer.unit or (query.unit if insured else ""),
        answer.state,
        answer.died_on.isoformat() if answer.died_on else "",
        answer.note,
    ]  # fmt: skip


def read_answer(file: Path | str | bytes, filename: str = "") -> list[Answer]:
    """Return the rows of the agency's answer; raise roster.Unreadable in the user's words."""
    rows = roster.read_rows(file, headers={plain(header) for header in HEADERS})
    at, places = _header(rows)
    answers = []
    for row in rows[at + 1 :]:
        value = {name: cell.tidy(row[place]) if place < len(row) else "" for name, place in places.items()}
        if value["核对编号"]:
            answers.append(
                Answer(
                    key=value["核对编号"],
                    state=value["待遇状态"],
                    name=value.get("社保登记姓名", ""),
                    number=value.get("社保登记号码", ""),
                    birth_date=value.get("社保登记出生日期", ""),
                    unit=value.get("社保登记单位", ""),
                    died_on=cell.read_day(value.get("死亡日期", "")),
                    note=value.get("社保备注", ""),
                )
            )
    if not answers:
        raise roster.Unreadable(_("比对结果中没有任何一行。"))
    return answers


def differences(expected: Mapping[str, Query], answers: Iterable[Answer]) -> Matched:
    """Compare what was asked with what was answered, person by person; the last answer for a key counts."""
    results = {key: Result("unanswered") for key in expected}
    unknown = []
    for answer in answers:
        if answer.key in results:
            results[answer.key] = _result(expected[answer.key], answer)
        else:
            unknown.append(answer.key)
    return Matched(results, unknown)


def _result(ours: Query, theirs: Answer) -> Result:
    facts: dict[str, Any] = {"note": theirs.note, "fields": _fields(ours, theirs)}
    if theirs.state == DEAD or theirs.died_on:
        return Result("dead", "V-53", died_on=theirs.died_on, **facts)
    if theirs.state == UNINSURED:
        return Result("uninsured", "V-54", **facts)
    if not theirs.state:
        return Result("unanswered", **facts)
    if theirs.state != DRAWING:
        facts["fields"].append(Differing("state", DRAWING, theirs.state))
        return Result("not_drawing", "V-54", **facts)
    return Result("differs", "V-55", **facts) if facts["fields"] else Result("matched", **facts)


def _fields(ours: Query, theirs: Answer) -> list[Differing]:
    found = []
    if theirs.name and _bare(theirs.name) != _bare(ours.name):
        found.append(Differing("name", ours.name, theirs.name))
    if theirs.number and _same_number(theirs.number) != _same_number(ours.number):
        found.append(Differing("number", numbers.mask(ours.number), numbers.mask(theirs.number)))
    if theirs.birth_date and cell.read_day(theirs.birth_date) != ours.birth_date:
        found.append(Differing("birth_date", ours.birth_date.isoformat(), theirs.birth_date))
    if theirs.unit and _bare(theirs.unit) != _bare(ours.unit):
        found.append(Differing("unit", ours.unit, theirs.unit))
    return found


def _bare(text: str) -> str:
    return plain(text).replace("·", "")


def _same_number(text: str) -> str:
    try:
        return numbers.check(text).value
    except numbers.InvalidNumber:
        return numbers.normalise(text)


def _header(rows: list[list[str]]) -> tuple[int, dict[str, int]]:
    wanted = {plain(header): header for header in HEADERS}
    best, places = 0, {}
    for at, row in enumerate(rows[:30]):
        found = {wanted[plain(text)]: place for place, text in enumerate(row) if plain(text) in wanted}
        if len(found) > len(places):
            best, places = at, found
    if missing := [name for name in NEEDED if name not in places]:
        raise roster.Unreadable(
            _("比对结果缺少必需的列：%(columns)s。") % {"columns": "、".join(missing)}, "V-57"
        )
    return best, places


def _write(out: str | Path | BinaryIO, kind: str, rows: Iterable[list[str]]) -> None:
    if kind == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADERS)
        writer.writerows([safe(value) for value in row] for row in rows)
        data = text.getvalue().encode("utf-8-sig")
        if isinstance(out, str | Path):
            Path(out).write_bytes(data)
        else:
            out.write(data)
        return
    book = new_workbook(str(out) if isinstance(out, Path) else out)
    sheet = add_sheet(book, "社保比对")
    sheet.set_column(0, len(HEADERS) - 1, 20, book.add_format(TEXT))
    sheet.freeze_panes(1, 2)
    sheet.write_texts(0, HEADERS, book.add_format(HEADER))
    style = book.add_format(TEXT)
    for at, row in enumerate(rows, start=1):
        sheet.write_texts(at, [safe(value) for value in row], style)
    book.close()
