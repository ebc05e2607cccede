"""The columns of the roster 花名册: one line each, in the order of the form; and how a header is recognised.

Other spellings of a header are a table of their own, `data/header_aliases.csv`, which anybody may extend.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from apps.exchange.reading.kinds import plain

ALIASES = Path(__file__).parent / "data" / "header_aliases.csv"
BRACKETS = re.compile(r"\([^)]*\)")


class Column(NamedTuple):
    """One column: our name, the form's header, whether the form must have it, and the hint under the header."""

    key: str
    header: str
    required: bool
    hint: str


COLUMNS = (
    Column("row_no", "序号", True, "从1起连续编号"),
    Column("name", "姓名", True, "2至30字，与身份证一致"),
    Column("sex", "性别", True, "男/女"),
    Column("ethnicity", "民族", False, "选填，如：汉族"),
    Column("citizen_id", "公民身份号码", True, "18位（旧式15位亦可），文本格式"),
    Column("birth_date", "出生日期", True, "格式：yyyy-mm-dd"),
    Column("work_start", "参加工作时间", True, "格式：yyyy-mm-dd"),
    Column("retire_date", "退休时间", True, "格式：yyyy-mm-dd"),
    Column("retire_kind", "退休类别", True, "正常/特殊工种/病退/政策提前/退职"),
    Column("retire_age", "退休年龄校验", False, "自动，可不填"),
    Column("post", "原工作岗位/身份", False, "干部/工人/其他，选填"),
    Column("si_no", "社会保障号/个人编号", False, "参保者必填"),
    Column("pension_insured", "参加基本养老保险", True, "是/否"),
    Column("orig_payer", "养老金原渠道支付单位", False, "未参加养老保险者必填"),
    Column("paying_agency", "养老金发放机构", False, "参加养老保险者必填"),
    Column("medical_insured", "参加基本医疗保险", True, "是/否"),
    Column("hukou_county", "户籍地市/县区", True, "填县（市、区）名称"),
    Column("hukou_street", "户籍地街道(乡镇)", True, "填街道或乡镇名称"),
    Column("hukou_addr", "户籍地社区(村)及详细地址", True, "不少于5字"),
    Column("res_county", "常年居住地市/县区", True, "填县（市、区）名称，市外填省市"),
    Column("res_street", "常年居住地街道(乡镇)", True, "填街道或乡镇名称"),
    Column("res_addr", "常年居住地社区及详细地址", True, "不少于5字"),
    Column("res_class", "居住地类别", True, "填代码1至5，见代码表"),
    Column("placement_choice", "选择管理地", True, "常年居住地/户口所在地"),
    Column("phone", "联系电话", True, "手机或区号加号码"),
    Column("contact", "紧急联系人/关系/电话", True, "格式：姓名/关系/电话"),
    Column("spouse", "配偶姓名/状况", False, "选填，状况：1在职 2无业 3退休"),
    Column("health", "健康状况", True, "填代码1至4，见代码表"),
    Column("care_category", "照护类别", False, "特困/孤寡/重病/高龄/病残，多项用“、”分隔"),
    Column("special_identity", "特殊身份", False, "选填，如：劳模、军转干部"),
    Column("mla", "享受低保", False, "是/否，选填"),
    Column("party_member", "中共党员", True, "正式/预备/否"),
    Column("party_date", "入党时间", False, "党员必填"),
    Column("party_org", "现所在党组织(全称)", False, "党员必填"),
    Column("dues_through", "党费缴至", False, "党员必填，格式：yyyy-mm"),
    Column("file", "档案编号/卷数/页数", True, "格式：编号/卷数/页数"),
    Column("file_gap", "档案缺件或无档案说明", False, "缺件或无档案者必填"),
    Column("out_of_pool", "统筹外项目及月标准", True, "无，或“名称 金额”，多项用“；”分隔"),
    Column("housing", "住房情况", True, "已房改/未房改/非企业住房"),
    Column("person_class", "人员类别", True, "企业退休/企业化管理事业单位退休"),
    Column("outside_note", "异地或境外居住说明", False, "居住地类别为2至5者必填"),
    Column("self_confirm", "本人(代理人)确认", True, "格式：是 yyyy-mm-dd"),
    Column("remark", "备注", False, "选填，不超过200字"),
)
KEYS = tuple(column.key for column in COLUMNS)
BY_KEY = {column.key: column for column in COLUMNS}
HINTS = frozenset(plain(column.hint) for column in COLUMNS)
# Words of a form's instructions; no person's row has several of them.
HINT_WORDS = re.compile(
    r"必填|选填|可不填|自动|格式|示例|例如|如[:：]|填写|代码|文本|yyyy|男/女|是/否|1\.\.n|不少于|不超过|从1起?|"
    r"18位|15位|正式/预备|/.+/.+/|下拉|[≥≤]",
    re.IGNORECASE,
)


@cache
def headers() -> dict[str, str]:
    """Return {spelling without width, blanks and case: column key} of every header and alias."""
    spellings = {plain(column.header): column.key for column in COLUMNS}
    by_header = dict(spellings)
    with ALIASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spellings[plain(row["alias"])] = by_header[plain(row["header"])]
    for spelling, key in list(spellings.items()):
        spellings.setdefault(BRACKETS.sub("", spelling), key)
    return spellings


def column_of(header: str) -> str | None:
    """Return the key of the column that a header cell names, or None."""
    spelling = plain(header)
    return headers().get(spelling) or headers().get(BRACKETS.sub("", spelling))
