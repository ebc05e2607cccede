"""Reading one cell: tidying, dates, months, choices, telephone numbers, and masking what may not be shown."""

import re
from collections.abc import Iterable
from datetime import date

from apps.retirees import numbers

# Full-width digits, letters and blanks become plain ones; Chinese punctuation and rare characters stay.
NARROW: dict[int, int | None] = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
NARROW |= {0x3000: 0x20, 0xA0: 0x20, 0xFF0F: 0x2F, 0xFF0D: 0x2D}
# Characters nobody sees: control characters but for blanks, zero-width ones, marks that turn the direction of writing.
UNSEEN = (
    *range(0x09),
    0x0E,
    0x0F,
    *range(0x10, 0x20),
    0x7F,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    0xFEFF,
)
NARROW |= dict.fromkeys(UNSEEN)
STRANGE = re.compile(r"[\x00-\x1f\x7f\u3000\u00a0\u200b-\u200f\u2028-\u202e\ufeff０-９Ａ-Ｚａ-ｚ／－]")

DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?: 00:00(?::00)?)?",
    re.ASCII,
)
MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月|(\d{2}))", re.ASCII)
MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"0\d{2,3}\d{7,8}", re.ASCII)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{2}", re.ASCII | re.IGNORECASE)
PARTS = re.compile(r"\s*[/／]\s*")
LIST = re.compile(r"[、，,;；/]+")
NOTHING = frozenset(("", "无", "-", "—", "/", "没有", "暂无"))


def tidy(text: str) -> str:
    """Return the cell without blanks around it, line breaks, and full-width digits, letters and slashes."""
    return " ".join(text.translate(NARROW).split())


def is_untidy(text: str) -> bool:
    """Say whether `tidy` would take something away that the person who typed it should know of."""
    return text[:1] == " " or text[-1:] == " " or STRANGE.search(text) is not None


def any_untidy(texts: Iterable[str]) -> bool:
    """Say quickly whether one of these texts is untidy; a whole row at a time, for most rows are tidy."""
    row = "|".join(("", *texts, ""))
    return "| " in row or " |" in row or STRANGE.search(row) is not None


def read_day(text: str) -> date | None:
    """Return the day that the text says, or None."""
    if found := DAY.fullmatch(text.replace(" ", "") if "年" in text else text):
        year, *rest = (part for part in found.groups() if part is not None)
        return _day(year, *rest)
    return None


def read_day_or_month(text: str) -> date | None:
    """Return the day, or the first of the month where only a month is given, or None."""
    return read_day(text) or read_month(text)


def read_month(text: str) -> date | None:
    """Return the first day of the month that the text says, or None; a whole day says its month."""
    if found := MONTH.fullmatch(text):
        year, month = (part for part in found.groups() if part is not None)
        return _day(year, month, 1)
    day = read_day(text)
    return day.replace(day=1) if day else None


def _day(year, month, day) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_choice(text: str, choices: dict[str, str]) -> str | None:
    """Return the value of a closed list: by its word, its code, or both ("1 健康"); or None."""
    text = text.replace(" ", "")
    if text in choices:
        return choices[text]
    if text[:1].isdigit():
        return choices.get(text[:1]) if not text[1:2].isdigit() else None
    return text if text in choices.values() else None


def read_list(text: str) -> list[str]:
    """Return the entries of a cell that holds several."""
    return [entry.strip() for entry in LIST.split(text) if entry.strip() not in NOTHING]


def read_parts(text: str, count: int) -> list[str]:
    """Return exactly `count` parts divided by slashes, empty ones where there are fewer."""
    parts = PARTS.split(text)
    if len(parts) > count:
        # A file number may itself hold slashes; the last parts are the countable ones.
        parts = ["/".join(parts[: len(parts) - count + 1]), *parts[len(parts) - count + 1 :]]
    return parts + [""] * (count - len(parts))


def phone_digits(text: str) -> str:
    """Return a telephone number without blanks, brackets and dashes."""
    return re.sub(r"[\s\-—()（）]+", "", text)


def is_phone(text: str) -> bool:
    """Say whether the text is a mobile number of 11 digits or an area code with a number."""
    digits = phone_digits(text)
    return bool(MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits))


def is_destroyed(text: str) -> bool:
    """Say whether a spreadsheet turned this long number into a rounded one."""
    return SCIENTIFIC.fullmatch(text.replace(" ", "")) is not None


def mask_phone(text: str) -> str:
    """Return a telephone number with its first three and last two digits only."""
    digits = phone_digits(text)
    if len(digits) <= 5:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def mask_contact(text: str) -> str:
    """Return a contact cell with its long digit runs masked."""
    return re.sub(r"\d[\d\-]{4,}\d", lambda found: mask_phone(found.group()), text)


MASKS = {
    "citizen_id": numbers.mask,
    "si_no": numbers.mask,
    "phone": mask_phone,
    "contact": mask_contact,
}


def shown(key: str, text: str) -> str:
    """Return a cell's value as a fault may show it: shortened, numbers masked."""
    text = MASKS[key](text) if key in MASKS else text
    return text if len(text) <= 40 else f"{text[:39]}…"
