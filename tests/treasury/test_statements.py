"""The bank's file: read whatever it calls its columns, whole or not at all, each line once."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import Event
from apps.engine.door import Refused
from apps.exchange import roster, statements
from apps.organisations.choices import Role
from apps.treasury.models import BankColumns, Statement, StatementLine

OLD = Path(__file__).parent / "data" / "old_statement.xls"
HEAD = "交易日期,交易流水号,贷方发生额,借方发生额,对方户名,对方账号,摘要,附言"
GOOD = (
    HEAD,
    '2026-09-01,F1,"3,000.00",,示例一厂,6222001,转账,缴款码T000001-1',
    "20260902,F2,1500.5,,示例二厂,6222002,转账,",
    "2026/9/3,F3,,200.00,某街道,6222003,拨付,",
)


def csv(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("gb18030")


@pytest.fixture
def bring(world, money):
    """Import a file as the city's officer."""

    def bring(content: bytes, *, by=None, headers=None):
        by = by or world.by(Role.FISCAL_OFFICER, "445200-FIN")
        return statements.import_file(money.account(), content, "对账单.csv", by=by, headers=headers)

    return bring


def entered() -> list[tuple]:
    return list(StatementLine.objects.order_by("pk").values_list("serial", "fen", "payer", "note"))


def test_a_file_is_entered_to_the_fen(bring):
    answer = bring(csv(*GOOD))
    assert (answer.new, answer.known, answer.faulty, answer.outgoing) == (2, 0, 0, 1)
    assert entered() == [
        ("F1", 3_000_00, "示例一厂", "转账 缴款码T000001-1"), ("F2", 1_500_50, "示例二厂", "转账"),
    ]  # fmt: skip


def test_the_file_is_kept_sealed_and_its_import_recorded_in_the_accounts_stream(bring, money):
    bring(csv(*GOOD))
    statement, event = Statement.objects.get(), Event.objects.get(stream="account")
    assert b"F1" not in bytes(statement.sealed)
    assert (event.stream_id, event.move, event.given["digest"]) == (
        money.account().pk, "import_statement", statement.digest,
    )  # fmt: skip


def test_a_line_is_entered_once_however_often_it_comes(bring):
    bring(csv(*GOOD))
    again = bring(csv(*GOOD, "2026-09-04,F4,1.00,,示例三厂,,,"))
    assert (again.new, again.known) == (1, 2)
    third = bring(csv(*GOOD))
    assert (third.new, third.known, third.statement, len(entered())) == (0, 2, None, 3)


def test_equal_lines_without_a_serial_are_as_many_as_the_file_has(bring):
    head, line = "日期,金额,付款人", "2026-09-01,5.00,示例一厂"
    assert bring(csv(head, line, line)).new == 2
    assert (bring(csv(head, line, line)).known, bring(csv(head, line, line, line)).new) == (2, 1)


def test_all_faults_are_told_at_once_and_nothing_is_entered(bring):
    answer = bring(csv(
        HEAD, "2026-09-01,F1,3000.00,,示例一厂,,,", "明天,F2,12.345,,示例二厂,,,", "2099-01-01,F3,5,,示例三厂,,,",
        "2026-09-01,F1,9.00,,示例一厂,,,", "2026-09-02,1.23457E+17,8.00,,示例一厂,,,", "2026-09-02,F6,,,示例一厂,,,",
    ))  # fmt: skip
    assert [(one.row, one.column, one.what) for one in answer.faults] == [
        (3, "C", "金额“12.345”无法读取"), (3, "A", "日期“明天”无法读取"), (4, "A", "到账日期晚于今天"),
        (5, "B", "与第2行的流水号相同，内容不同"), (6, "B", "流水号已被表格软件截短"), (7, "C", "没有金额"),
    ]  # fmt: skip
    assert all(one.mend for one in answer.faults)
    assert (answer.faulty, entered(), Statement.objects.count()) == (5, [], 0)


def test_a_forged_line_under_a_known_serial_is_a_fault(bring):
    bring(csv(*GOOD))
    forged = bring(csv(HEAD, '2026-09-01,F1,"8,000.00",,示例一厂,,,'))
    assert [one.what for one in forged.faults] == ["该流水号已导入过，但日期、金额或付款人不同"]
    assert entered()[0][1] == 3_000_00


def test_a_statement_of_another_account_is_refused_line_by_line(bring):
    answer = bring(csv("日期,金额,付款人,本方账号", "2026-09-01,5.00,示例一厂,9999"))
    assert [one.what for one in answer.faults] == ["账号不是本财政专户的"]


def test_what_went_out_by_direction_or_sign_is_not_entered(bring):
    head = "日期,金额,借贷标志,付款人"
    answer = bring(
        csv(head, "2026-09-01,5.00,借,甲", "2026-09-01,-5.00,,乙", "2026-09-01,5.00,贷,丙", "合计,15.00,,")
    )
    assert (answer.new, answer.outgoing, entered()[0][2]) == (1, 2, "丙")


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_workbook_is_read_like_a_csv(bring, kind):
    content = workbook() if kind == "xlsx" else OLD.read_bytes()
    assert bring(content).new == 1
    assert [one[1:3] for one in entered()] == [(1_234_56, "示例一厂")]


def workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("明细")
    sheet.write_row(0, 0, ["揭阳市财政局专户明细"])
    sheet.write_row(2, 0, ["交易时间", "流水号", "收入", "对方户名"])
    sheet.write_row(3, 0, ["2026-09-01 10:11:12", "W1", 1234.56, "示例一厂"])
    book.close()
    return out.getvalue()


def test_unknown_columns_are_named_by_a_person_and_known_from_then_on(bring, money):
    odd = csv("何日,多少,何人", "2026-09-01,5.00,示例一厂")
    with pytest.raises(statements.ColumnsUnknown) as unknown:
        bring(odd)
    assert unknown.value.headers == ["何日", "多少", "何人"]
    bring(odd, headers={"on": ["何日"], "income": ["多少"], "payer": ["何人"]})
    assert BankColumns.objects.get().bank == money.account().bank
    assert bring(csv("何日,多少,何人", "2026-09-02,6.00,示例一厂")).new == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"<html></html>"])
def test_what_is_no_statement_is_refused_in_words(bring, content):
    with pytest.raises(roster.Unreadable):
        bring(content)


@pytest.mark.clause("M-091")
@pytest.mark.parametrize(
    ("role", "office"),
    [
        (Role.FISCAL_REVIEWER, "445200-FIN"), (Role.FISCAL_OFFICER, "445202-FIN"),
        (Role.RMO_REVIEWER, "445200-RMO"), (Role.FEE_CLERK, "445200-RMO"),
    ],
)  # fmt: skip
def test_nobody_but_the_accounts_own_officer_imports(bring, world, role, office):
    with pytest.raises(Refused):
        bring(csv(*GOOD), by=world.by(role, office))


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0.1", 10), ("1,234.50", 123450), ("￥12", 1200), ("-3.00", -300), ("12元", 1200), ("0.10", 10),
        ("1.500", 150), ("1,23.00", None), ("1.234", None), ("1e3", None), ("", None), ("九", None), ("٣", None),
        ("90071992547409.93", 9007199254740993),
    ],
)  # fmt: skip
def test_amounts_are_read_as_digits(text, fen):
    assert statements.fen_of(text) == fen


def test_a_long_file_takes_as_many_statements_as_a_short_one(bring):
    def taken(first: int, number: int) -> int:
        rows = [f"2026-09-01,N{first + each},1.00,,示例一厂,,," for each in range(number)]
        content = csv(HEAD, *rows)
        with CaptureQueriesContext(connection) as sent:
            bring(content)
        return len(sent)

    bring(csv(*GOOD))
    assert taken(0, 1) == taken(1, 300)
