"""Working days and due dates, held against the State Council's notices from 2005 to 2026."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calendar.workdays import Calendar, CalendarMissing

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Day, and whether people worked: what each notice says, not what the package says.
KNOWN = [
    ("2005-02-05", True),  # 春节调休，星期六
    ("2005-02-09", False),  # 正月初一
    ("2005-02-15", False),
    ("2005-02-16", True),
    ("2005-05-03", False),  # 五一长假
    ("2005-05-08", True),  # 星期日上班
    ("2005-07-14", True),  # 方案发布之日，星期四
    ("2005-10-07", False),
    ("2005-10-08", True),  # 星期六上班
    ("2006-01-28", True),  # 除夕，星期六上班
    ("2006-01-29", False),
    ("2006-12-31", True),  # 星期日上班
    ("2007-05-07", False),  # 最后一个五一长假
    ("2008-04-04", False),  # 清明首次放假
    ("2008-06-09", False),  # 端午调休
    ("2008-09-15", False),  # 中秋调休
    ("2009-10-08", False),  # 国庆中秋八天
    ("2010-02-20", True),  # 春节调休，星期六
    ("2012-12-17", True),  # 揭东设区获批之日，星期一
    ("2013-01-05", True),  # 元旦调休，星期六
    ("2015-09-03", False),  # 抗战胜利七十周年
    ("2015-09-06", True),  # 星期日上班
    ("2016-10-08", True),
    ("2018-12-29", True),
    ("2019-05-03", False),  # 临时增加的五一假期
    ("2020-01-31", False),  # 春节假期延长
    ("2020-10-08", False),
    ("2021-02-07", True),
    ("2023-10-06", False),
    ("2024-02-09", True),  # 除夕，鼓励安排休息，未列入假期
    ("2025-01-28", False),  # 除夕首次列入假期
    ("2025-05-02", False),
    ("2026-02-14", True),  # 春节调休，星期六
    ("2026-10-10", True),
    ("2026-11-23", True),
]


PUBLISHED = Calendar()
ENTERED = Calendar(
    {date(2027, 1, 3): True, date(2027, 2, 8): False, date(2026, 11, 26): False}, frozenset({2027})
)
"""A calendar with the year 2027 entered, and a day off of the place itself."""


@pytest.mark.parametrize(("day", "works"), KNOWN)
def test_a_day_is_worked_as_the_notice_says(day, works):
    assert PUBLISHED.works(date.fromisoformat(day)) == works


SPANS = [
    ("2005-07-14", 5, "2005-07-21"),
    ("2005-09-30", 1, "2005-10-08"),  # 长假之后的星期六上班
    ("2005-09-30", 5, "2005-10-12"),
    ("2006-01-27", 2, "2006-02-05"),  # 28 日星期六上班，长假之后的星期日上班
    ("2007-04-27", 4, "2007-05-08"),  # 28、29 日上班
    ("2008-09-26", 3, "2008-10-06"),  # 27、28 日上班
    ("2010-02-12", 1, "2010-02-20"),
    ("2013-04-03", 3, "2013-04-09"),
    ("2015-09-02", 1, "2015-09-06"),
    ("2017-09-29", 2, "2017-10-09"),  # 30 日上班
    ("2019-04-30", 2, "2019-05-06"),
    ("2020-01-23", 1, "2020-02-03"),
    ("2022-09-30", 1, "2022-10-08"),
    ("2023-09-28", 2, "2023-10-08"),
    ("2025-01-27", 1, "2025-02-05"),
    ("2026-09-30", 1, "2026-10-08"),
    ("2026-11-23", 0, "2026-11-23"),
]


@pytest.mark.parametrize(("start", "n", "end"), SPANS)
def test_working_days_are_counted_from_the_next_day(start, n, end):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert PUBLISHED.after(first, n) == last
    assert PUBLISHED.between(first, last) == n


@given(day=st.dates(date(2005, 1, 1), date(2026, 6, 30)), n=st.integers(1, 60))
def test_counting_back_undoes_counting_on(day, n):
    last = PUBLISHED.after(day, n)
    assert PUBLISHED.between(day, last) == n
    assert PUBLISHED.works(last)
    assert PUBLISHED.between(PUBLISHED.after(last, -n), last) == n


def test_a_year_not_yet_published_counts_weekends_and_fixed_holidays():
    assert PUBLISHED.after(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert PUBLISHED.provisional_from == 2027


def test_a_year_that_was_entered_is_no_longer_provisional():
    assert ENTERED.provisional_from == 2028
    assert ENTERED.works(date(2027, 1, 1))  # the notice that was entered does not say that it is off
    assert ENTERED.after(date(2026, 12, 31), 2) == date(2027, 1, 3)
    assert not ENTERED.works(date(2027, 2, 8))


def test_a_day_off_of_the_place_itself_is_not_counted():
    assert ENTERED.after(date(2026, 11, 25), 1) == date(2026, 11, 27)


def test_nothing_is_counted_before_the_first_calendar():
    with pytest.raises(CalendarMissing, match="2004"):
        PUBLISHED.after(date(2003, 12, 30), 3)


def test_due_is_the_end_of_the_day_by_chinese_time():
    late_evening_in_utc = datetime(2026, 11, 22, 20, 0, tzinfo=ZoneInfo("UTC"))  # already Monday in China
    assert PUBLISHED.due(late_evening_in_utc, 5) == datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)
