"""The report of a roster's faults as a workbook: a list of all of them, and the rows with the faulty cells coloured.

Numbers are masked: the report tells what to mend in the file that the enterprise has.
"""

from collections import defaultdict
from typing import BinaryIO

from django.utils.translation import gettext as _

from apps.exchange import values as cell
from apps.exchange.columns import COLUMNS, KEYS
from apps.exchange.rules import Fault, Judged
from apps.exchange.workbook import HEADER, MULTILINE, TEXT, add_sheet, new_workbook, safe

COLOURS = {"E": "#F8C9C9", "W": "#FCE8B2", "S": "#CFE2F7"}
# A sheet with more comments than this opens slowly; the list has them all.
MOST_COMMENTS = 5_000


def write(judged: Judged, out: str | BinaryIO) -> None:
    """Write the report of a judged roster as xlsx."""
    book = new_workbook(out)
    style = {"header": book.add_format(HEADER), "text": book.add_format(TEXT)}
    style |= {
        severity: book.add_format(TEXT | MULTILINE | {"bg_color": colour})
        for severity, colour in COLOURS.items()
    }
    _list(add_sheet(book, _("问题清单")), style, judged)
    _rows(add_sheet(book, _("有问题的行")), style, judged)
    book.close()


def severity_title(severity: str) -> str:
    """Return what a severity means to the person who mends."""
    return {"E": _("必须改正"), "W": _("请核对"), "S": _("待社保比对")}[severity]


def _list(sheet, style, judged: Judged) -> None:
    for place, width in enumerate((8, 8, 24, 26, 10, 12, 50, 60)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    titles = (_("行"), _("列"), _("栏目"), _("所填内容"), _("规则"), _("程度"), _("问题"), _("如何改正"))
    sheet.write_texts(0, titles, style["header"])
    for at, fault in enumerate(judged.faults, start=1):
        texts = (
            str(fault.row or ""),
            judged.sheet.letters.get(fault.column, ""),
            fault.header,
            safe(fault.value),
            fault.code,
            severity_title(fault.severity),
            safe(fault.message),
            fault.mend,
        )
        sheet.write_texts(at, texts, style[fault.severity])


def _rows(sheet, style, judged: Judged) -> None:
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, len(COLUMNS), 16)
    sheet.freeze_panes(1, 3)
    sheet.write_texts(0, [_("行"), *(column.header for column in COLUMNS)], style["header"])
    lines = {line.number: line for line in judged.sheet.rows}
    at = comments = 0
    for row in judged.rows:
        if not row.faults:
            continue
        at += 1
        of_column = defaultdict(list)
        for fault in row.faults:
            of_column[fault.column].append(fault)
        texts = [safe(cell.shown(key, lines[row.line].values[key])) for key in KEYS]
        styles = [_style(style, of_column.get(key)) for key in KEYS]
        # A coloured cell without a text must still be seen.
        texts = [text or (" " if key in of_column else "") for key, text in zip(KEYS, texts, strict=True)]
        for key, faults in of_column.items():
            if comments < MOST_COMMENTS:
                comments += 1
                place = KEYS.index(key) + 1 if key else 0
                sheet.write_comment(at, place, "\n".join(f"{one.code} {one.message}" for one in faults))
        # After its comments: a row that is written takes no more of them.
        sheet.write_texts(at, [str(row.line), *texts], [_style(style, of_column.get("")), *styles])


def _style(style, faults: list[Fault] | None):
    if not faults:
        return style["text"]
    gravest = min((fault.severity for fault in faults), key="ESW".index)
    return style[gravest]
