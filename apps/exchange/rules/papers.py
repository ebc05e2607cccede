"""Rules about party membership, the personnel file, obligations beyond the pool, housing and the kind of person."""

import re

from django.utils.translation import gettext_noop as _

from apps.exchange import values as cell
from apps.exchange.rules import ages
from apps.exchange.rules.person import ADULT
from apps.exchange.rules.registry import rule

AMOUNT = re.compile(r"\D.*?[\s:：]*(\d+(?:\.\d{1,2})?)\s*元?(?:[/每]月)?")
HIGHEST_MONTHLY = 10_000
NO_EXPLANATION = cell.NOTHING | {"不详", "待补", "未知", "不清楚"}


@rule("V-32", "E", _("中共党员"), _("填“正式”“预备”或“否”。"))
def membership_is_said(p):
    if p.party is None:
        yield "party_member", _("应填“正式”“预备”或“否”"), {}


@rule("V-33", "W", _("入党时间"), _("按党员档案填写，入党时应满18周岁。"))
def member_joined_as_adult(p):
    if not p.is_member:
        return
    if p.party_date is None:
        yield "party_date", _("党员的入党时间未填写或无法识别"), {}
    elif p.birth and p.party_date < ages.years_later(p.birth, ADULT):
        yield "party_date", _("入党时不满18周岁"), {}


@rule("V-34", "E", _("现所在党组织"), _("写明党员现在所在党支部的全称。"))
def member_has_an_organisation(p):
    if p.is_member and p.v["party_org"] in cell.NOTHING:
        yield "party_org", _("党员没有写明现所在党组织"), {}


@rule("V-35", "W", _("党费缴至"), _("填党费已缴到的年月，如：2026-10。"))
def dues_are_dated(p):
    if not p.is_member:
        return
    if p.dues_through is None:
        yield "dues_through", _("党费缴至的年月未填写或无法识别"), {}
    elif p.dues_through > p.as_of.replace(day=1):
        yield "dues_through", _("党费缴至的年月晚于填报日期"), {}


@rule(
    "V-36", "E", _("人事档案"), _("按“编号/卷数/页数”填写，卷数不少于1；没有档案的，填写缺件或无档案说明。")
)
def file_is_described(p):
    number, volumes, pages = p.file
    if not number:
        if not p.v["file_gap"]:
            yield "file", _("既没有档案编号，也没有缺件或无档案说明"), {}
        return
    if not (volumes.removesuffix("卷").isdigit() and int(volumes.removesuffix("卷")) >= 1):
        yield "file", _("档案卷数应不少于1"), {}
    elif pages and not pages.removesuffix("页").isdigit():
        yield "file", _("档案页数应为数字"), {}


@rule("V-37", "E", _("档案缺件或无档案说明"), _("写明缺什么、为什么缺，或为什么没有档案。"))
def missing_file_is_explained(p):
    gap = p.v["file_gap"]
    if gap and not p.file[0] and (gap in NO_EXPLANATION or not re.search(r"[\u3400-\u9fff]{2}", gap)):
        yield "file_gap", _("没有档案，而说明没有写清原因"), {}


@rule("V-38", "W", _("统筹外项目"), _("没有的填“无”；有的按“名称 金额”填写，多项用“；”分隔。"))
def obligations_have_amounts(p):
    text = p.v["out_of_pool"]
    if not text:
        yield "out_of_pool", _("统筹外项目未填写"), {}
        return
    for one in re.split(r"[;；]", text):
        if one.strip() in cell.NOTHING:
            continue
        found = AMOUNT.fullmatch(one.strip())
        if not found:
            yield "out_of_pool", _("统筹外项目应写明名称和月金额"), {}
        elif float(found.group(1)) > HIGHEST_MONTHLY:
            yield "out_of_pool", _("统筹外项目月金额超过10000元，请核对"), {}


@rule("V-39", "E", _("住房情况"), _("填已房改、未房改或非企业住房。"))
def housing_is_said(p):
    if p.housing is None:
        yield "housing", _("住房情况未填写或不在代码表内"), {}


@rule("V-41", "E", _("人员类别"), _("只移交企业退休、企业化管理事业单位退休人员；其他人员请从花名册中剔除。"))
def person_is_within_scope(p):
    if not p.v["person_class"]:
        yield "person_class", _("未填写人员类别"), {}
    elif p.person_class is None:
        yield "person_class", _("“%(class)s”不属于移交范围"), {"class": p.v["person_class"][:20]}


def out_of_pool_items(text: str) -> list[dict]:
    """Return [{name, fen}] of the obligations beyond the pool, the monthly amounts in 分."""
    items = []
    for one in re.split(r"[;；]", text):
        if found := AMOUNT.fullmatch(one.strip()):
            yuan, _dot, cents = found.group(1).partition(".")
            name = one.strip()[: found.start(1)].rstrip(" :：")
            items.append({"name": name, "fen": int(yuan) * 100 + int(cents.ljust(2, "0") or 0)})
    return items
