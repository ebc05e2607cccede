"""Lists that leave the house: csv or xlsx, no text taken for a formula, closed by a digest of their lines."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.exchange.workbook import HEADER, TEXT, add_sheet, new_workbook, safe

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Listing:
    """A written list: its bytes, how many rows it has, and the SHA-256 of its lines as csv in UTF-8."""

    content: bytes
    rows: int
    digest: str
    media: str


def write(form: str, columns: Sequence[str], rows: Iterable[Sequence]) -> Listing:
    """Write a list with its header; the last line says the digest of all lines before it.

    The digest is that of the same list as csv (UTF-8 without byte order mark, lines ended by CR LF), whichever
    form was asked for, so that both forms of one list can be compared. Raises KeyError for an unknown form.
    """
    media = MEDIA[form]
    lines = [[safe(cell) for cell in row] for row in rows]
    text = _csv([list(columns), *lines])
    digest = hashlib.sha256(text).hexdigest()
    closing = [_("内容摘要 SHA-256（以上各行）"), digest]
    content = (
        b"\xef\xbb\xbf" + text + _csv([closing]) if form == "csv" else _workbook(columns, lines, closing)
    )
    return Listing(content, len(lines), digest, media)


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def _workbook(columns: Sequence[str], lines: list[list[str]], closing: Sequence[str]) -> bytes:
    out = io.BytesIO()
    book = new_workbook(out)
    sheet, header, text = add_sheet(book), book.add_format(HEADER), book.add_format(TEXT)
    sheet.set_column(0, len(columns) - 1, 18, text)
    sheet.freeze_panes(1, 0)
    for at, line in enumerate([columns, *lines, closing]):
        sheet.write_texts(at, line, header if at == 0 else text)
    book.close()
    return out.getvalue()
