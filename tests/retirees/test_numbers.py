"""Citizen numbers: the published vectors, and properties over random ones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.retirees import numbers

SEQUENCE = st.integers(0, 999).map("{:03d}".format)
BIRTH = st.dates(date(1900, 1, 1), date(1999, 12, 31))


@pytest.mark.parametrize(
    ("text", "sex", "birth"),
    [
        ("11010519491231002X", "F", date(1949, 12, 31)),
        ("11010519491231002x", "F", date(1949, 12, 31)),
        ("440524188001010014", "M", date(1880, 1, 1)),
        ("120223198902021249", "F", date(1989, 2, 2)),
        ("130132199210293822", "F", date(1992, 10, 29)),
        ("445299194802290036", "M", date(1948, 2, 29)),
        ("４４５２９９１９４００３１５００１０", "M", date(1940, 3, 15)),
        ("445299 19400315 0010", "M", date(1940, 3, 15)),
    ],
)
def test_published_numbers_pass_and_tell_sex_and_birth(text, sex, birth):
    number = numbers.check(text)
    assert (number.sex, number.birth_date) == (sex, birth)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "445299194003150011",
        "445299194002300010",
        "44529919400315001",
        "4452991940031500100",
        "44529919400315001A",
        "A45299194003150010",
        "4.45299E+17",
        "445299400230001",
        "४४५२९९१९४००३१५००१०",
    ],
)
def test_anything_else_is_refused_with_a_reason(text):
    with pytest.raises(numbers.InvalidNumber) as refused:
        numbers.check(text)
    assert str(refused.value.message)


def test_an_old_number_is_the_same_person_as_its_long_form():
    old = numbers.check("445299400315001")
    assert (old.value, old.filled, old.was_15) == ("445299194003150010", "445299400315001", True)


def test_an_unknown_address_code_is_no_fault():
    assert numbers.check("445299194511080020").value == "445299194511080020"


def test_masked_numbers_show_the_first_four_and_last_three():
    assert numbers.mask("445299194003150010") == "4452***********010"
    assert numbers.mask("445299400315001") == "4452********001"
    assert numbers.mask("4452") == "****"


@given(BIRTH, SEQUENCE)
def test_the_long_form_of_every_old_number_passes(birth, sequence):
    old = f"445299{birth:%y%m%d}{sequence}"
    number = numbers.check(old)
    assert number.value == numbers.convert(old)
    assert number.birth_date == birth
    assert number.sex == ("M" if int(sequence) % 2 else "F")
    assert numbers.check(number.value).value == number.value


@given(BIRTH, SEQUENCE, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(birth, sequence, place, shift):
    value = numbers.convert(f"445299{birth:%y%m%d}{sequence}")
    wrong = "0" if value[place] == "X" else str((int(value[place]) + shift) % 10)
    with pytest.raises(numbers.InvalidNumber):
        numbers.check(value[:place] + wrong + value[place + 1 :])


@given(st.text(max_size=24))
def test_no_text_breaks_the_check_or_the_mask(text):
    masked = numbers.mask(text)
    assert len(masked) == len(numbers.normalise(text))
    try:
        number = numbers.check(text)
    except numbers.InvalidNumber:
        return
    assert len(number.value) == 18
