"""Amounts in capitals are read back by a reader that knows nothing of how they were written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.documents.wording import LARGEST, capitals, chinese_date, yuan

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
TENS = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(text: str) -> int:
    """Read an amount in capitals, in 分."""
    whole, mark, rest = text.rpartition("元")
    fen, digit = 0, 0
    for sign in rest.removesuffix("整"):
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            fen += digit * {"角": 10, "分": 1}[sign]
    return 100 * read_number(whole) + fen if mark else fen


def read_number(text: str) -> int:
    for sign, power in (("亿", 10**8), ("万", 10**4)):
        if sign in text:
            high, _, low = text.rpartition(sign)
            return read_number(high) * power + read_number(low)
    total, digit = 0, 0
    for sign in text:
        if sign in TENS:
            total, digit = total + digit * TENS[sign], 0
        else:
            digit = DIGITS[sign]
    return total + digit


@given(
    st.one_of(
        st.integers(0, LARGEST - 1),
        st.integers(0, 10**7),
        st.builds(lambda n, p: n * 10**p, st.integers(0, 999), st.integers(0, 11)),
    )
)
def test_capitals_say_the_amount_to_the_fen(fen):
    written = capitals(fen)
    assert read_back(written) == fen
    assert written.endswith(("整", "分")) and not written.startswith(("拾", "佰", "仟", "万", "元"))


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (150_000, "壹仟伍佰元整"), (100_506, "壹仟零伍元零陆分"), (1_050, "壹拾元伍角整"), (5, "伍分"), (0, "零元整"),
        (10_000_000, "壹拾万元整"), (2_001_000, "贰万零壹拾元整"), (10_000_000_100, "壹亿零壹元整"),
    ],
)  # fmt: skip
def test_capitals_as_banks_write_them(fen, written):
    assert capitals(fen) == written


@pytest.mark.parametrize("fen", [-1, LARGEST])
def test_what_cannot_be_paid_cannot_be_written(fen):
    with pytest.raises(ValueError, match="capitals"):
        capitals(fen)


def test_figures_and_days():
    assert (yuan(123_456_789), chinese_date(date(2026, 7, 1)), chinese_date(None)) == (
        "1,234,567.89",
        "2026年7月1日",
        "",
    )
