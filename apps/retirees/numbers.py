"""Citizen identity numbers (公民身份号码, GB 11643): reading, checking, converting and masking them.

An address code says where a number was first registered, at that time; it may no longer exist and says
nothing about residence, so an unknown one is no fault here.
"""

import re
import unicodedata
from datetime import date
from typing import Literal, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from stdnum.cn.ric import calc_check_digit

Sex = Literal["M", "F"]

EIGHTEEN = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
FIFTEEN = re.compile(r"[1-9]\d{14}", re.ASCII)
SEPARATORS = re.compile(r"[\s\-‐-―·]+")


class InvalidNumber(ValueError):
    """The text is no citizen identity number; `text` says why (untranslated), `message` in the user's words."""

    def __init__(self, text: str):
        self.text = text
        super().__init__(text)

    @property
    def message(self) -> str:
        return gettext(self.text)


class Number(NamedTuple):
    """A checked number: the 18 characters it stands for, what was filled in, and what it tells."""

    value: str
    filled: str
    sex: Sex
    birth_date: date

    @property
    def was_15(self) -> bool:
        return len(self.filled) == 15


def normalise(text: str) -> str:
    """Return the number without spaces, separators and full-width forms, x as X."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check(text: str) -> Number:
    """Return the checked number, a 15-digit one converted; raise InvalidNumber otherwise."""
    filled = normalise(text)
    if FIFTEEN.fullmatch(filled):
        value = convert(filled)
    elif EIGHTEEN.fullmatch(filled):
        value = filled
    elif len(filled) in (15, 18):
        raise InvalidNumber(_("号码中有不应出现的字符"))
    else:
        raise InvalidNumber(_("号码应为18位（或旧式15位）"))
    birth_date = _birth_date(value)
    if value[17] != calc_check_digit(value):
        raise InvalidNumber(_("校验位不符，号码有误"))
    return Number(value, filled, "M" if int(value[16]) % 2 else "F", birth_date)


def convert(fifteen: str) -> str:
    """Return the 18-character form of an old number: the century 19 put in, the check digit added."""
    return complete(f"{fifteen[:6]}19{fifteen[6:]}")


def complete(seventeen: str) -> str:
    """Return the number of 18 characters that begins with these 17 digits."""
    return seventeen + calc_check_digit(f"{seventeen}0")


def mask(text: str, *, first: int = 4, last: int = 3) -> str:
    """Return the number with so many of its first and last characters only."""
    number = normalise(text)
    hidden_signs = len(number) - first - last
    if hidden_signs <= 0:
        return "*" * len(number)
    return f"{number[:first]}{'*' * hidden_signs}{number[-last:]}"


def hidden(words: str) -> str:
    """Return what somebody searched for as it may be written down: a number only masked."""
    return mask(words) if sum(sign.isdigit() for sign in words) > 4 else words


def _birth_date(value: str) -> date:
    try:
        return date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise InvalidNumber(_("号码中的出生日期不存在")) from None
