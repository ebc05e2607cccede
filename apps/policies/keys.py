"""The register of rule keys: every value that a policy or a setting may change has its name and unit here."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Unit = Literal["days", "fen", "percent", "years", "months", "may"]

# How a value is said, and how the unit it is entered in is called.
SAID: dict[Unit, Promise] = {
    "days": _("%(value)s 个工作日"),
    "fen": _("%(value)s 元"),
    "percent": _("%(value)s%%"),
    "years": _("%(value)s 周岁"),
    "months": _("%(value)s 个月"),
}
UNITS: dict[Unit, Promise] = {
    "days": _("工作日"),
    "fen": _("分"),
    "percent": _("百分点"),
    "years": _("周岁"),
    "months": _("月"),
    "may": _("1 准予，0 不准"),
}


@dataclass(frozen=True)
class RuleKey:
    """What a key means to people, and in which unit its values are; every value is a whole number."""

    title: Promise | str
    unit: Unit

    def says(self, value: int) -> str:
        """Say a value as people read it: 5 个工作日, 1,500.00 元, 准予."""
        if self.unit == "may":
            return str(_("准予") if value else _("不准"))
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
    f"spending.{code}": RuleKey(format_lazy("{} · {}", _("财政专户可用于"), title), "may")
    for code, title in PURPOSES.items()
}

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
    **SPENDING,
}
