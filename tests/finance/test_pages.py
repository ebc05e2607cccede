"""The finance desk page by page: who reads it, who acts there, and how many statements a page takes."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.audit.models import Event
from apps.fees import suspense
from apps.fees.models import Match
from apps.organisations.choices import Role
from apps.treasury import journal, months
from apps.treasury.models import Entry, EntryKind, Reconciliation, StatementLine
from tests.treasury.conftest import DAY

OFFICER, REVIEWER, BODY = "city-finance", "city-fiscal", "city-reviewer"
LONG = "揭阳市榕城区一家名称特别长的国有集体联合改制企业有限责任公司驻外办事处" * 3
PAGES = ("", "statements/", "matching/", "suspense/", "months/")


@pytest.fixture
def place(money) -> str:
    return f"/finance/{money.account().pk}/"


def file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("对账单.csv", "\n".join(lines).encode("utf-8"))


@pytest.mark.clause("M-091")
@pytest.mark.parametrize(
    ("username", "status"),
    [
        (OFFICER, 200), (REVIEWER, 200), ("city-clerk", 200), (BODY, 200), ("city-auditor", 200),
        ("rongcheng-finance", 404), ("rongcheng-clerk", 404), ("rongcheng-auditor", 404), ("ronghua-clerk", 404),
        ("rongyuan-clerk", 404), ("city-gov", 404), ("city-si", 404), ("sys-admin", 404),
    ],
)  # fmt: skip
def test_who_reads_the_citys_account(place, money, signed_in, username, status):
    entry = money.move(EntryKind.RECEIPT, 5_00)
    browser = signed_in(username)
    pages = [*PAGES, f"entries/{entry.pk}/"]
    assert [browser.get(place + page).status_code for page in pages] == [status] * len(pages)


def test_nobody_reads_it_unknown(place):
    assert Client().get(place).status_code == 302


def test_home_leads_to_ones_own_account_or_lists_those_one_may_read(place, signed_in):
    assert signed_in(OFFICER).get("/finance/").url == place
    assert len(signed_in("city-auditor").get("/finance/").context["accounts"]) == 7
    assert signed_in("ronghua-clerk").get("/finance/").status_code == 404


def test_the_management_body_comes_from_its_fees_and_finance_from_its_bar(place, signed_in):
    shown = [
        'href="/finance/"' in signed_in(username).get(page).content.decode()
        for username, page in (
            ("city-clerk", "/finance/fees/"),
            (OFFICER, "/"),
            ("rongyuan-clerk", "/finance/fees/"),
        )
    ]
    assert shown == [True, True, False]


def test_an_auditors_reading_is_recorded(place, signed_in):
    signed_in("city-auditor").get(place)
    assert Event.objects.filter(move="read_account").count() == 1


def test_the_book_runs_and_opens_from_a_figure_to_its_entries(place, money, signed_in):
    money.earn(100_00, case=money.case().pk)
    money.move(EntryKind.CHARGE, 25, on=DAY + dt.timedelta(days=1), summary="账户管理费")
    browser = signed_in(OFFICER)
    lines = browser.get(place).context["lines"]
    assert [(line.fen, line.running) for line in lines] == [(-25, 99_75), (100_00, 100_00), (0, 0)]
    fees = browser.get(place, {"head": "FEES"}).context["lines"]
    assert [(line.entry.kind, line.fen, line.running) for line in fees] == [("RECEIPT", 100_00, 100_00)]
    page = browser.get(f"{place}entries/{fees[0].entry.pk}/")
    assert "+100.00" in page.content.decode()
    assert browser.get(place, {"since": "x", "until": "2026-02-30", "head": "!"}).status_code == 200


def test_running_goes_on_over_pages(place, money, signed_in):
    account = money.account().pk
    money.book(*[
        journal.moving(EntryKind.INTEREST, 1, account=account, on=DAY, summary="息") for _each in range(60)
    ])  # fmt: skip
    browser = signed_in(OFFICER)
    told = [
        line.running for page in (1, 2, 3) for line in browser.get(place, {"page": page}).context["lines"]
    ]
    assert told == list(range(60, 0, -1))


def test_an_import_is_entered_and_matched_at_once(place, money, signed_in):
    fee = money.due(100_00, reference="B000017-1")
    sent = file(
        "日期,流水号,金额,付款人,附言", "2026-09-01,F1,100.00,张三,B000017-1", "2026-09-01,F2,7.00,李四,"
    )
    page = signed_in(OFFICER).post(f"{place}statements/", {"file": sent}, follow=True)
    assert "新入 2 笔，此前已导入 0 笔；已自动匹配 1 笔" in page.content.decode()
    assert Match.objects.get().assessment == fee


def test_faults_are_told_with_row_column_and_how_to_mend(place, signed_in):
    sent = file("日期,金额,付款人", "2026-09-01,1.234,张三", "昨天,5,李四")
    page = signed_in(OFFICER).post(f"{place}statements/", {"file": sent})
    said = page.content.decode()
    assert (page.status_code, StatementLine.objects.count()) == (409, 0)
    assert all(words in said for words in ("金额“1.234”无法读取", "最多两位小数", "日期“昨天”无法读取"))


def test_columns_nobody_knows_are_named_on_the_page(place, signed_in):
    browser, lines = signed_in(OFFICER), ("何日,多少,何人", "2026-09-01,5.00,张三")
    asked = browser.post(f"{place}statements/", {"file": file(*lines)})
    assert (asked.status_code, asked.context["headers"]) == (409, ["何日", "多少", "何人"])
    named = {
        "column-on": "何日",
        "column-income": "多少",
        "column-payer": "何人",
        "header": asked.context["headers"],
    }
    assert browser.post(f"{place}statements/", {"file": file(*lines), **named}).status_code == 302
    assert StatementLine.objects.count() == 1


@pytest.mark.parametrize("username", [REVIEWER, BODY])
def test_nobody_else_imports(place, signed_in, username):
    sent = file("日期,金额,付款人", "2026-09-01,1.00,张三")
    assert signed_in(username).post(f"{place}statements/", {"file": sent}).status_code == 409
    assert StatementLine.objects.count() == 0


def test_a_page_of_lines_is_decided_in_one_form(place, money, signed_in):
    fee = money.due(50_00)
    first, second, third, fourth = money.lines({"fen": 50_00}, {"fen": 7_00}, {"fen": 3_00}, {"fen": 2_00})
    sent = {
        f"line-{first.pk}": fee.pk, f"line-{second.pk}": "code", f"code-{second.pk}": "没有这码",
        f"line-{third.pk}": "interest", f"line-{fourth.pk}": "",
    }  # fmt: skip
    page = signed_in(OFFICER).post(f"{place}matching/", sent, follow=True)
    assert "没有这个缴款码" in page.content.decode()
    assert list(Match.objects.values_list("line", "assessment")) == [(first.pk, fee.pk)]
    assert list(Entry.objects.values_list("line", "kind")) == [(third.pk, EntryKind.INTEREST)]
    assert [line.pk for line, _found in page.context["rows"]] == [second.pk, fourth.pk]


def test_what_is_not_decided_goes_into_suspense_and_back(place, money, signed_in):
    [line] = money.lines({"fen": 7_00, "payer": "李四"})
    signed_in(OFFICER).post(f"{place}matching/rest/")
    reviewer = signed_in(REVIEWER)
    assert [row.pk for row, _found in reviewer.get(f"{place}suspense/").context["rows"]] == [line.pk]
    assert reviewer.post(f"{place}suspense/{line.pk}/return/", {"on": "2026-09-11"}).status_code == 400
    reviewer.post(f"{place}suspense/{line.pk}/return/", {"on": "2026-09-11", "reason": "误汇"})
    assert journal.balance(money.account()) == 0


def test_a_month_is_prepared_explained_and_signed(place, money, signed_in):
    money.earn(100_00)
    page = signed_in(OFFICER).post(f"{place}months/", {"month": "2026-09", "bank_fen": "100.50"}, follow=True)
    [(difference, _mine)] = page.context["differences"]
    signed_in(OFFICER).post(f"{place}months/2026-09/differences/{difference.pk}/", {"note": "利息未记账"})
    for username in (REVIEWER, BODY):
        signed_in(username).post(f"{place}months/2026-09/sign/")
    assert Reconciliation.objects.get().locked
    assert "已锁定" in signed_in("city-clerk").get(f"{place}months/2026-09/").content.decode()


@pytest.mark.parametrize("month", ["2026-13", "x", "2031-01"])
def test_a_month_that_is_not_there_is_not_there(place, signed_in, month):
    assert signed_in(OFFICER).get(f"{place}months/{month}/").status_code == 404


@pytest.mark.parametrize("username", [REVIEWER, BODY, "city-clerk"])
def test_nobody_else_moves_money(place, money, signed_in, username):
    [line] = money.lines({"fen": 7_00})
    browser, charge = signed_in(username), {"on": "2026-09-01", "fen": "1", "summary": "费"}
    for path, sent in (
        ("charge/", charge), ("matching/all/", {}), ("matching/rest/", {}),
        ("matching/", {f"line-{line.pk}": "interest"}), ("months/", {"month": "2026-09", "bank_fen": "1"}),
    ):  # fmt: skip
        browser.post(place + path, sent)
    assert (Entry.objects.count(), Reconciliation.objects.count()) == (0, 0)


@pytest.mark.parametrize("page", ["", "statements/", "matching/", "suspense/", "months/", "months/2026-09/"])
def test_a_list_takes_as_many_statements_for_three_rows_as_for_one(place, money, world, signed_in, page):
    officer = world.by(Role.FISCAL_OFFICER, "445200-FIN")

    def grow():
        fee = money.due(5_00)
        money.lines({"fen": 5_00, "payer": LONG[:120], "note": LONG[:200]})
        suspense.book_rest(money.account(), by=officer)
        money.lines({"fen": 5_00, "payer": LONG[:120]})
        [matched] = money.lines({"fen": 9_00})
        Match.objects.create(line=matched, assessment=fee, by="HAND")
        money.move(EntryKind.RECEIPT, 3_00, case=fee.case_id)

    def taken() -> int:
        months.prepare(money.account(), dt.date(2026, 9, 1), bank_fen=0, by=officer)
        with CaptureQueriesContext(connection) as sent:
            assert browser.get(place + page).status_code == 200
        return len(sent)

    browser = signed_in(OFFICER)
    grow()
    browser.get(place)
    one = taken()
    grow()
    grow()
    assert taken() == one
