"""Working days and due dates, held against the State Council's notices from 2005 to 2026."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.calendar.workdays import CalendarMissing, due, working_day, working_days_after

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


@pytest.mark.parametrize(("day", "works"), KNOWN)
def test_a_day_is_worked_as_the_notice_says(day, works):
    assert (working_day(date.fromisoformat(day)) is not None) == works


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2005-07-14", 5, "2005-07-21"),
        ("2005-09-30", 1, "2005-10-08"),  # 长假之后的星期六上班
        ("2005-09-30", 5, "2005-10-12"),
        ("2008-09-26", 3, "2008-10-06"),  # 27、28 日上班
        ("2023-09-28", 2, "2023-10-08"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_working_days_are_counted_from_the_next_day(start, n, end):
    assert working_days_after(date.fromisoformat(start), n) == (date.fromisoformat(end), False)


def test_a_year_not_yet_published_is_provisional():
    assert working_days_after(date(2026, 12, 31), 1) == (date(2027, 1, 4), True)


def test_one_provisional_day_makes_the_answer_provisional():
    assert working_days_after(date(2026, 12, 30), 2).provisional
    assert not working_days_after(date(2026, 12, 30), 1).provisional


def test_nothing_is_counted_before_the_first_calendar():
    with pytest.raises(CalendarMissing, match="2004"):
        working_days_after(date(2003, 12, 30), 3)


def test_due_is_the_end_of_the_day_by_chinese_time():
    late_evening_in_utc = datetime(2026, 11, 22, 20, 0, tzinfo=ZoneInfo("UTC"))  # already Monday in China
    assert due(late_evening_in_utc, 5) == datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)


def test_calendar_days_count_every_day():
    assert due(datetime(2026, 9, 30, 9, tzinfo=SHANGHAI), 3, working=False) == datetime(
        2026, 10, 3, 23, 59, 59, tzinfo=SHANGHAI
    )
