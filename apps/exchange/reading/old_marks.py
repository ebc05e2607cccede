"""What hides in a sheet of an xls file: formulas, hidden rows, hidden columns.

An xls file is a small file system (OLE) that holds the workbook as one stream of records, each a type, a length
and a body; a sheet's records begin where the workbook's list of sheets says.
"""

import struct
from collections.abc import Iterator

from apps.exchange.reading.kinds import OLE
from apps.exchange.reading.marks import MOST, letters

END_OF_CHAIN = 0xFFFFFFFA
LONGEST_CHAIN = 1_000_000
NAMES = {"Workbook", "Book"}
END, SHEET, FORMULA, COLUMNS, ROW = 0x000A, 0x0085, 0x0006, 0x007D, 0x0208
ROW_HIDDEN, COLUMN_HIDDEN = 0x0020, 0x0001


def old_marks_of(data: bytes, place: int) -> dict:
    """Return what `marks_of` returns, for the sheet at this place; nothing where the file is laid out strangely."""
    try:
        return _marks(_workbook_stream(data), place)
    except (struct.error, IndexError, ValueError):
        return {}


def _marks(stream: bytes, place: int) -> dict:
    starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == SHEET]
    formulas, hidden_rows, hidden_columns = [], [], []
    for kind, body in _records(stream, starts[place]):
        if kind == FORMULA and len(formulas) < MOST:
            row, column = struct.unpack_from("<HH", body)
            formulas.append(f"{letters(column)}{row + 1}")
        elif kind == ROW and struct.unpack_from("<H", body, 12)[0] & ROW_HIDDEN:
            hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind == COLUMNS and struct.unpack_from("<H", body, 8)[0] & COLUMN_HIDDEN:
            first, last = struct.unpack_from("<HH", body)
            hidden_columns.append([first + 1, last + 1])
    return {"formulas": formulas, "hidden_rows": hidden_rows, "hidden_columns": hidden_columns}


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == END:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook_stream(data: bytes) -> bytes:
    if not data.startswith(OLE):
        raise ValueError
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory, smallest = struct.unpack_from("<I4xI", data, 48)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    table = _allocation_table(data, size, sector)

    def chain(number: int) -> bytes:
        parts = []
        while number < END_OF_CHAIN and len(parts) < LONGEST_CHAIN:
            parts.append(sector(number))
            number = table[number]
        return b"".join(parts)

    entries = chain(directory)
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le")
        start, total = struct.unpack_from("<II", entries, at + 116)
        # A shorter stream would lie among the small ones; no workbook with a roster is that short.
        if name in NAMES and total >= smallest:
            return chain(start)[:total]
    raise ValueError


def _allocation_table(data: bytes, size: int, sector) -> tuple[int, ...]:
    """Return the sector after each sector; where the table itself lies is said in the header, and beyond it."""
    where = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _more in range(min(count, LONGEST_CHAIN)):
        *places, following = struct.unpack(f"<{size // 4}I", sector(following))
        where += places
    whole = b"".join(sector(number) for number in where if number < END_OF_CHAIN)
    return struct.unpack(f"<{len(whole) // 4}I", whole)
