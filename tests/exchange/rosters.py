"""Rosters for tests: one good person after another, written as a file or handed to the rules directly."""

import csv
import io
from datetime import date

import xlsxwriter

from apps.exchange import rules
from apps.exchange.columns import BY_KEY, COLUMNS, KEYS
from apps.exchange.cover import Cover
from apps.exchange.roster import Line, Sheet
from apps.exchange.synthetic import People, Town
from apps.exchange.values import is_untidy, tidy
from tests.exchange.places import book_on

AS_OF = date(2026, 11, 1)
NO_COVER = Cover()
HEADERS = [column.header for column in COLUMNS]


def people(count, **first):
    """That many people without a fault; `first` changes the first of them."""
    town = Town(AS_OF)
    rows = list(People(town, town.enterprise(), seed=7).rows(count))
    if count:
        rows[0] |= first
    return rows


def somebody(**changes):
    """The one valid person every rule is tried on, with these cells changed."""
    person = {
        "row_no": "1", "name": "示例甲一", "sex": "男", "ethnicity": "汉族", "citizen_id": "445299194003150010",
        "birth_date": "1940-03-15", "work_start": "1958-09-01", "retire_date": "2000-03-31", "retire_kind": "正常",
        "post": "工人", "si_no": "YS0001", "pension_insured": "是", "paying_agency": "揭阳市社会保险基金管理局",
        "medical_insured": "是", "hukou_county": "榕城区", "hukou_street": "榕华街道",
        "hukou_addr": "进贤社区榕江路1号", "res_county": "榕城区", "res_street": "榕华街道",
        "res_addr": "进贤社区榕江路1号", "res_class": "1", "placement_choice": "常年居住地", "phone": "0663-5550001",
        "contact": "示例乙/子女/0663-5560001", "health": "1", "mla": "否", "party_member": "正式",
        "party_date": "1970-07-01", "party_org": "中共示例厂支部", "dues_through": "2026-10", "file": "D-1/2/30",
        "out_of_pool": "无", "housing": "已房改", "person_class": "企业退休", "self_confirm": "是 2026-10-20",
    }  # fmt: skip
    return person | changes


def sheet(*rows, cover=NO_COVER, **more):
    """A sheet as the reader would give it, without a file."""
    lines = []
    for number, row in enumerate(rows, start=3):
        values = dict.fromkeys(KEYS, "") | row
        untidy = tuple(key for key, text in values.items() if text and is_untidy(text))
        lines.append(Line(number, {key: tidy(text) for key, text in values.items()}, untidy))
    facts = {
        "file_name": "a.xlsx",
        "kind": "xlsx",
        "name": "花名册",
        "digest": "",
        "header_line": 1,
        "letters": {},
    }
    return Sheet(**facts | {"rows": lines, "cover": cover} | more)


def judged(*rows, as_of=AS_OF, cover=NO_COVER, **options):
    """The judgement of these rows on a day."""
    return rules.judge(sheet(*rows, cover=cover), as_of=as_of, book=book_on(as_of), **options)


def faults(*rows, **options):
    """{(code, severity)} of these rows."""
    return {(fault.code, fault.severity) for fault in judged(*rows, **options).faults}


def as_csv(rows, *, encoding="utf-8-sig", headers=None, delimiter=","):
    """The rows as the bytes of a csv file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headers or HEADERS)
    writer.writerows([row.get(key, "") for key in KEYS] for row in rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows, *, titles=(), headers=None, keys=KEYS, hints=False, cover=None, change=None, options=None):
    """The rows as the bytes of a workbook; `change(book, sheet, line of the first person)` may spoil it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, options or {})
    if cover:
        page = book.add_worksheet("封面")
        for at, (label, value) in enumerate(cover.items()):
            page.write_row(at, 0, (label, value))
    page = book.add_worksheet("花名册")
    for at, title in enumerate(titles):
        page.write(at, 0, title)
    at = len(titles)
    page.write_row(at, 0, headers or [BY_KEY[key].header for key in keys])
    if hints:
        at += 1
        page.write_row(at, 0, [BY_KEY[key].hint for key in keys])
    for number, row in enumerate(rows, start=at + 1):
        for place, key in enumerate(keys):
            value = row.get(key, "")
            if isinstance(value, date):
                page.write_datetime(number, place, value, book.add_format({"num_format": "yyyy-mm-dd"}))
            elif isinstance(value, int | float):
                page.write_number(number, place, value)
            elif value:
                page.write_string(number, place, value)
    if change:
        change(book, page, at + 1)
    book.close()
    return out.getvalue()
