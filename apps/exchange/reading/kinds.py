"""What an uploaded file really is, told by its bytes and never by its name; and whether it is safe to open."""

import io
import re
import unicodedata
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VBA_IN_OLE = "_VBA_PROJECT".encode("utf-16-le")
WORKBOOK_IN_OLE = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
ENCRYPTED_IN_OLE = "EncryptedPackage".encode("utf-16-le")
MACRO_PARTS = re.compile(r"vbaproject\.bin$|^xl/macrosheets/", re.IGNORECASE)
MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|head|body)", re.IGNORECASE)

TYPES = "[Content_Types].xml"
UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 5_000
MOST_RATIO = 250


class Refused(Exception):
    """The file is not read; the code says why."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def kind_of(data: bytes) -> str:
    """Return "xlsx", "xls" or "csv"; raise Refused for anything else, and for what is not safe to open."""
    if not data.strip():
        raise Refused("empty")
    if data.startswith(b"PK"):
        _safe_archive(data)
        return "xlsx"
    if data.startswith(OLE):
        _plain_ole(data)
        return "xls"
    head = data[:1_000_000].removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(head):
        raise Refused("web_page")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("encoding")
    if b"\x00" in data or head.startswith(
        (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")
    ):
        raise Refused("wrong_type")
    return "csv"


def _safe_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _within_bounds(archive.infolist(), len(data))
            _workbook_without_macros(archive)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        raise Refused("damaged") from None


def _within_bounds(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    # Parts that overlap make a small archive unpack without end.
    overlapping = sum(part.compress_size for part in parts) > size
    if len(parts) > MOST_PARTS or unpacked > UNPACKED or unpacked > MOST_RATIO * size or overlapping:
        raise Refused("bomb")


def _workbook_without_macros(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if TYPES not in names:
        raise Refused("wrong_type")
    with archive.open(TYPES) as part:
        types = part.read(1_000_000)
    if b"macroEnabled" in types or any(MACRO_PARTS.search(name) for name in names):
        raise Refused("macro")
    if "xl/workbook.xml" not in names:
        raise Refused("binary_workbook" if "xl/workbook.bin" in names else "wrong_type")


def _plain_ole(data: bytes) -> None:
    if ENCRYPTED_IN_OLE in data:
        raise Refused("password")
    if VBA_IN_OLE in data:
        raise Refused("macro")
    if not any(name in data for name in WORKBOOK_IN_OLE):
        raise Refused("wrong_type")


def plain(text: str) -> str:
    """Return a header or label without width, blanks, line breaks and the asterisk of a required column."""
    return re.sub(r"[\s*＊]+", "", unicodedata.normalize("NFKC", text)).lower()


def looks_like(rows: list[list[str]], headers: set[str]) -> int:
    """Return how many of the known headers the likeliest header row among these has."""
    return max((len({plain(cell) for cell in row if cell} & headers) for row in rows), default=0)
