"""The roster form: a workbook with 封面, 花名册, 续责清单, 填表说明 and 代码表, empty or filled in."""

from collections.abc import Iterable, Mapping
from typing import BinaryIO

from apps.exchange.columns import COLUMNS, KEYS
from apps.exchange.rules import RULES
from apps.exchange.rules.lists import CODES
from apps.exchange.workbook import HEADER, HINT, MULTILINE, TEXT, Sheet, add_sheet, new_workbook

COVER = (
    "单位名称", "统一社会信用代码", "组织机构代码", "隶属关系", "单位状态", "填报日期", "移交人数",
    "中共党员人数", "档案份数", "联系人", "联系电话",
)  # fmt: skip
OBLIGATIONS = (
    "序号",
    "续责事项",
    "涉及人数",
    "月标准（元）",
    "支付单位",
    "支付方式",
    "起始时间",
    "经办人及电话",
)
INSTRUCTIONS = (
    "一、本表由移交企业填写，一人一行，各栏不得合并单元格，不得使用公式，不得隐藏行。",
    "二、所有数字类栏目均为文本格式。公民身份号码等长数字请勿改为数值格式，否则末几位会丢失。",
    "三、表头文字请勿改动；栏目的先后次序可以不同。第二行为填写提示，可以保留，也可以删除。",
    "四、日期填 yyyy-mm-dd，党费缴至填 yyyy-mm。",
    "五、一栏填写多项的：紧急联系人填“姓名/关系/电话”；档案填“编号/卷数/页数”；"
    "统筹外项目填“名称 金额”，多项用“；”分隔；"
    "照护类别多项用“、”分隔；本人确认填“是 日期”。",
    "六、本市以外的居住地写明省、市，街道可自行填写，并在“异地或境外居住说明”中说明。",
    "七、封面所填移交人数、党员人数、档案份数应与花名册一致；档案份数指填有档案编号的人数。",
)
Row = Mapping[str, str]


def write(out: str | BinaryIO) -> None:
    """Write the empty form."""
    write_roster(out, cover={}, rows=())


def write_roster(
    out: str | BinaryIO,
    *,
    cover: Mapping[str, str],
    rows: Iterable[Row],
    formulas: Mapping[int, str] | None = None,
) -> None:
    """Write the form with a cover {label: value} and rows {column key: text}.

    `formulas` puts a formula into the column of a row ({row counted from 0: column key}): a planted fault.
    """
    book = new_workbook(out)
    styles = {"header": HEADER, "hint": HINT, "text": TEXT, "multiline": MULTILINE}
    style = {name: book.add_format(facts) for name, facts in styles.items()}
    _cover(add_sheet(book, "封面"), style, cover)
    _roster(add_sheet(book, "花名册"), style, rows, formulas or {})
    obligations = add_sheet(book, "续责清单")
    obligations.set_column(0, len(OBLIGATIONS) - 1, 18, style["text"])
    obligations.write_texts(0, OBLIGATIONS, style["header"])
    _instructions(add_sheet(book, "填表说明"), style)
    _codes(add_sheet(book, "代码表"), style)
    book.close()


def _cover(sheet: Sheet, style, cover: Mapping[str, str]) -> None:
    sheet.set_column(0, 0, 22, style["header"])
    sheet.set_column(1, 1, 44, style["text"])
    for at, label in enumerate(COVER):
        sheet.write_string(at, 0, label, style["header"])
        sheet.write_string(at, 1, cover.get(label, ""), style["text"])


def _roster(sheet: Sheet, style, rows: Iterable[Row], formulas: Mapping[int, str]) -> None:
    sheet.set_column(0, len(COLUMNS) - 1, 16, style["text"])
    sheet.freeze_panes(1, 2)
    sheet.write_texts(0, [column.header for column in COLUMNS], style["header"])
    sheet.write_texts(1, [column.hint for column in COLUMNS], style["hint"])
    for at, row in enumerate(rows):
        texts = [row.get(key, "") for key in KEYS]
        if at not in formulas:
            sheet.write_texts(at + 2, texts, style["text"])
            continue
        for place, text in enumerate(texts):
            if formulas[at] == KEYS[place]:
                sheet.write_formula(at + 2, place, '=""&"演示"', style["text"], "演示")
            elif text:
                sheet.write_string(at + 2, place, text, style["text"])


def _instructions(sheet: Sheet, style) -> None:
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 90)
    at = 0
    for sentence in INSTRUCTIONS:
        sheet.merge_range(at, 0, at, 2, sentence, style["multiline"])
        at += 1
    at += 1
    sheet.write_texts(at, ("规则", "名称", "如何改正"), style["header"])
    for rule in sorted(RULES.values()):
        at += 1
        sheet.write_texts(at, (rule.code, rule.title, rule.mend), style["multiline"])


def _codes(sheet: Sheet, style) -> None:
    sheet.set_column(0, 2, 26, style["text"])
    sheet.write_texts(0, ("栏目", "代码或填法", "含义"), style["header"])
    at = 0
    for header, codes in CODES:
        for code, meaning in codes:
            at += 1
            sheet.write_texts(at, (header, code, meaning), style["text"])
