"""The match with the agency: the query out, the answer in, the differences per person."""

import io
from datetime import date

import pytest

from apps.exchange import match, roster
from apps.exchange.match import Answer, Differing, Query

PEOPLE = [
    Query("11", "示例甲一", "445299194003150010", date(1940, 3, 15), "示例厂", "YS1"),
    Query("12", "示例·乙二", "445299194511080020", date(1945, 11, 8), "示例厂"),
    Query("13", "示例丙三", "445299194802290036", date(1948, 2, 29), "示例厂"),
]
EXPECTED = {one.key: one for one in PEOPLE}


def answered(*answers, kind="xlsx"):
    out = io.BytesIO()
    match.write_answer(PEOPLE, {one.key: one for one in answers}, out, kind=kind)
    return match.differences(EXPECTED, match.read_answer(out.getvalue()))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_answer_that_agrees_leaves_no_difference(kind):
    found = answered(kind=kind)
    assert found.of("matched") == ["11", "12", "13"]
    assert found.unknown == []


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_query_nobody_filled_in_answers_nothing(kind):
    out = io.BytesIO()
    match.write_query(PEOPLE, out, kind=kind)
    found = match.differences(EXPECTED, match.read_answer(out.getvalue()))
    assert found.of("unanswered") == ["11", "12", "13"]


@pytest.mark.parametrize(
    ("answer", "status", "code", "fields"),
    [
        (Answer("11", "死亡", died_on=date(2026, 9, 1)), "dead", "V-53", []),
        (Answer("11", "领取中", died_on=date(2026, 9, 1)), "dead", "V-53", []),
        (Answer("11", "未参保"), "uninsured", "V-54", []),
        (Answer("11", "暂停"), "not_drawing", "V-54", [Differing("state", "领取中", "暂停")]),
        (Answer("11", "领取中", name="示例甲壹"), "differs", "V-55", [Differing("name", "示例甲一", "示例甲壹")]),
        (
            Answer("11", "领取中", number="445299194511080020"), "differs", "V-55",
            [Differing("number", "4452***********010", "4452***********020")],
        ),
        (
            Answer("11", "领取中", birth_date="1940-03-16", unit="另一厂"), "differs", "V-55",
            [Differing("birth_date", "1940-03-15", "1940-03-16"), Differing("unit", "示例厂", "另一厂")],
        ),
        (Answer("11", "领取中", number="445299400315001"), "matched", "", []),
        (Answer("12", "领取中", name="示例 乙二", birth_date="19451108"), "matched", "", []),
    ],
)  # fmt: skip
def test_each_difference_is_told_per_person(answer, status, code, fields):
    result = answered(answer).results[answer.key]
    assert (result.status, result.code, result.fields) == (status, code, fields)


def test_an_answer_in_another_order_with_a_stranger_and_one_missing():
    answers = [Answer("13", "领取中"), Answer("99", "领取中"), Answer("11", "领取中")]
    found = match.differences(EXPECTED, answers)
    assert found.of("matched") == ["11", "13"]
    assert found.of("unanswered") == ["12"]
    assert found.unknown == ["99"]


def test_only_key_and_state_are_needed():
    answers = match.read_answer("待遇状态,核对编号\n领取中,11\n,12\n".encode("gb18030"))
    assert answers == [Answer("11", "领取中"), Answer("12", "")]


@pytest.mark.parametrize("data", [b"", "核对编号,姓名\n11,a\n".encode(), "核对编号,待遇状态\n".encode()])
def test_what_is_no_answer_is_refused(data):
    with pytest.raises(roster.Unreadable):
        match.read_answer(data)
