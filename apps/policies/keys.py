"""The register of rule keys: every value that a policy or a setting may change has its name and unit here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import Affiliation

Unit = Literal["days", "fen", "percent", "years", "months", "people", "choice"]

# How a value is said, and how the unit it is entered in is called.
SAID: dict[Unit, Promise] = {
    "days": _("%(value)s 个工作日"),
    "fen": _("%(value)s 元"),
    "percent": _("%(value)s%%"),
    "years": _("%(value)s 周岁"),
    "months": _("%(value)s 个月"),
    "people": _("%(value)s 人"),
    "choice": "%(value)s",
}
UNITS: dict[Unit, Promise] = {
    "days": _("工作日"),
    "fen": _("分"),
    "percent": _("百分点"),
    "years": _("周岁"),
    "months": _("月"),
    "people": _("人"),
    "choice": _("选项"),
}


@dataclass(frozen=True)
class RuleKey:
    """What a key means to people, and in which unit its values are; every value is a whole number.

    A key of ``choices`` has no other values than these.
    """

    title: Promise | str
    unit: Unit
    choices: Mapping[int, Promise] = field(default_factory=dict)

    @property
    def measure(self) -> str:
        """What a value is entered in: the unit, or each choice with its number."""
        listed = "；".join(f"{value} {title}" for value, title in self.choices.items())
        return listed or str(UNITS[self.unit])

    def says(self, value: int) -> str:
        """Say a value as people read it: 5 个工作日, 1,500.00 元."""
        if self.choices:
            return str(self.choices.get(value, value))
        return SAID[self.unit] % {"value": f"{value / 100:,.2f}" if self.unit == "fen" else value}


def _days(title) -> RuleKey:
    return RuleKey(title, "days")


# Whoever the retirement ages tell apart; the ordinary ages may rise with later birth.
RISING = {"man": _("男职工"), "cadre_woman": _("女干部"), "woman": _("女工人")}
EARLY = {
    "special_man": _("特殊工种男职工"),
    "special_woman": _("特殊工种女职工"),
    "ill_man": _("病退男职工"),
    "ill_woman": _("病退女职工"),
}
RETIREMENT: dict[str, RuleKey] = {
    **{f"retirement.age.{who}": RuleKey(format_lazy("{} · {}", _("退休年龄"), title), "years")
       for who, title in (RISING | EARLY).items()},
    **{f"retirement.rise.{who}": RuleKey(format_lazy("{} · {}", _("每晚出生几个月延迟退休一个月"), title), "months")
       for who, title in RISING.items()},
    **{f"retirement.limit.{who}": RuleKey(format_lazy("{} · {}", _("延迟退休最多几个月"), title), "months")
       for who, title in RISING.items()},
}  # fmt: skip

MAY = {0: _("不准"), 1: _("准予")}
# What the special account may be spent for: each purpose is allowed or not, from a day on.
PURPOSES = {
    "activity": _("活动"),
    "visit": _("慰问"),
    "startup": _("开办"),
    "staff": _("人员"),
    "work": _("工作"),
    "premises": _("场所"),
}
SPENDING: dict[str, RuleKey] = {
    f"spending.{code}": RuleKey(format_lazy("{} · {}", _("财政专户可用于"), title), "choice", MAY)
    for code, title in PURPOSES.items()
}

# Which government exempts an enterprise of each affiliation from the fee: the plan says "the local government".
NOBODY, OWN_LEVEL, CITY_LEVEL = range(3)
DECIDING = {NOBODY: _("不予豁免"), OWN_LEVEL: _("隶属级次的政府"), CITY_LEVEL: _("市政府")}
EXEMPTION: dict[str, RuleKey] = {
    "exemption.acceptance": _days(_("豁免申请受理时限")),
    "exemption.correction": _days(_("豁免申请补正时限")),
    "exemption.start": _days(_("豁免核查启动时限")),
    "exemption.investigation": _days(_("豁免核查时限")),
    "exemption.publicity": _days(_("豁免公示期")),
    "exemption.opinion": _days(_("豁免会签时限")),
    "exemption.sending": _days(_("首份会签意见后上报政府时限")),
    "exemption.decision": _days(_("豁免审批时限")),
    "exemption.filing": _days(_("豁免案卷归档时限")),
    "exemption.appeal": _days(_("豁免决定申请复议期限")),
    "exemption.reconsideration": _days(_("豁免复议审理时限")),
    **{
        f"exemption.government.{affiliation}": RuleKey(
            format_lazy("{} · {}", _("豁免审批机关"), title), "choice", DECIDING
        )
        for affiliation, title in Affiliation.choices
    },
}

# What streets are given: the bands of the start-up grant, each limit the largest number of its band.
STARTUP_LIMITS = ("startup.limit.1", "startup.limit.2")
STARTUP_AMOUNTS = ("startup.amount.1", "startup.amount.2", "startup.amount.3")
ALLOCATION: dict[str, RuleKey] = {
    "allocation.calculation": _days(_("拨付核算时限")),
    "allocation.review": _days(_("拨付审核时限")),
    "allocation.approval": _days(_("拨付财政审批时限")),
    "allocation.payment": _days(_("拨付付款时限")),
    "allocation.report": _days(_("街道报送使用情况时限")),
    "allocation.acceptance": _days(_("使用情况核收时限")),
    "allocation.per_head": RuleKey(_("年度拨付标准（每人每年）"), "fen"),
    **{key: RuleKey(format_lazy("{} · {}", _("开办费各档人数上限"), band), "people")
       for band, key in enumerate(STARTUP_LIMITS, start=1)},
    **{key: RuleKey(format_lazy("{} · {}", _("开办费各档金额"), band), "fen")
       for band, key in enumerate(STARTUP_AMOUNTS, start=1)},
}  # fmt: skip

KEYS: dict[str, RuleKey] = {
    "transfer.acceptance": _days(_("移交申请受理时限")),
    "transfer.correction": _days(_("移交申请补正时限")),
    "transfer.query": _days(_("社保比对清单送出时限")),
    "transfer.match": _days(_("社保比对时限")),
    "transfer.confirmation": _days(_("名册确认时限")),
    "transfer.agreement": _days(_("移交协议签订时限")),
    "transfer.handover": _days(_("安排交接时限")),
    "transfer.handing_over": _days(_("现场交接时限")),
    "transfer.remainder": _days(_("未完成人员处理时限")),
    "item.confirmation": _days(_("街道核实时限")),
    "item.dispute": _days(_("街道异议处理时限")),
    "item.arbitration": _days(_("上级裁定时限")),
    "item.correction": _days(_("人员信息更正时限")),
    "item.deferral": _days(_("暂缓移交复查间隔")),
    "item.enrolment": _days(_("建立台帐时限")),
    "item.meeting": _days(_("见面发卡时限")),
    "item.missing": _days(_("寻访时限")),
    "fee.assessment": _days(_("经费核定时限")),
    "fee.review": _days(_("经费复核时限")),
    "fee.issue": _days(_("下达缴款通知时限")),
    "fee.dunning": _days(_("催缴间隔")),
    "fee.credit": _days(_("确认入专户时限")),
    "fee.reconciliation": _days(_("对账时限")),
    "refund.application": _days(_("自查多缴的退付申请时限")),
    "refund.verification": _days(_("退付核实时限")),
    "refund.approval": _days(_("退付审批时限")),
    "refund.payment": _days(_("退款时限")),
    "fee.payment": _days(_("管理活动经费缴交时限")),
    "fee.standard": RuleKey(_("管理活动经费标准（每人一次性）"), "fen"),
    "file.check": _days(_("档案核对时限")),
    "file.gap": _days(_("档案缺件处理时限")),
    "file.return": _days(_("退回档案补齐时限")),
    "clock.reminder": _days(_("到期前提醒天数")),
    "clock.escalation": _days(_("超期后逐级上报间隔")),
    "target.socialisation": RuleKey(_("社会化管理服务率目标"), "percent"),
    "target.community": RuleKey(_("社区管理率目标"), "percent"),
    **RETIREMENT,
    **EXEMPTION,
    **SPENDING,
    **ALLOCATION,
}
