"""The retirement ages by the dated rules: as before 2025, rising after, and as an approved row changes them."""

from datetime import date

import pytest

from apps.exchange import rules
from apps.exchange.rules.ages import Retirement
from tests.exchange.places import book_on
from tests.exchange.rosters import AS_OF, sheet, somebody


@pytest.mark.parametrize(
    ("sex", "birth", "kind", "post", "month"),
    [
        ("M", date(1940, 3, 15), "正常", "工人", date(2000, 3, 1)),
        ("F", date(1950, 3, 15), "正常", "干部", date(2005, 3, 1)),
        ("F", date(1950, 3, 15), "正常", "工人", date(2000, 3, 1)),
        ("M", date(1950, 3, 15), "特殊工种", "工人", date(2005, 3, 1)),
        ("F", date(1950, 3, 15), "病退", "工人", date(1995, 3, 1)),
        ("M", date(1964, 12, 15), "正常", "工人", date(2024, 12, 1)),
        ("M", date(1965, 1, 15), "正常", "工人", date(2025, 2, 1)),
        ("M", date(1965, 5, 15), "正常", "工人", date(2025, 7, 1)),
        ("F", date(1975, 3, 15), "正常", "工人", date(2025, 5, 1)),
        ("M", date(1980, 1, 1), "正常", "工人", date(2043, 1, 1)),
        ("M", date(1940, 3, 15), "政策提前", "工人", None),
    ],
)
def test_the_earliest_month_of_retirement(sex, birth, kind, post, month):
    found = Retirement.shipped().earliest_month(sex, birth, kind, post, retired=AS_OF)
    assert found == month


def test_an_approved_row_changes_what_is_warned_of():
    from_then = Retirement.of([("retirement.age.man", date(2005, 7, 14), 61)])
    judged = rules.judge(sheet(somebody()), as_of=AS_OF, book=book_on(AS_OF), retirement=from_then)
    assert [fault.code for fault in judged.faults] == ["V-12"]
