"""Writing spreadsheets: the formats they share, and texts that can never be taken for a formula."""

from collections.abc import Sequence
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
HEADER = {"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True, "valign": "vcenter"}
HINT = {"italic": True, "font_color": "#6B7280", "text_wrap": True, "valign": "top", "num_format": "@"}
TEXT = {"num_format": "@"}
MULTILINE = {"text_wrap": True, "valign": "top"}


def safe(text) -> str:
    """Return the text so that no spreadsheet takes it for a formula, not even after it was saved as csv."""
    text = "" if text is None else str(text)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def new_workbook(out: str | BinaryIO) -> xlsxwriter.Workbook:
    """Return a workbook that writes its rows as they come, so that its size does not matter; close it when done."""
    return xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )


def write_row(sheet: Worksheet, at: int, values: Sequence, style=None) -> None:
    """Write one row of texts; numbers written as numbers only where they are ints."""
    for place, value in enumerate(values):
        if isinstance(value, int):
            sheet.write_number(at, place, value, style)
        elif value:
            sheet.write_string(at, place, value, style)
