"""What people are told of: each kind with its title, its words, and how soon it is sent unless a person says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.jobs.work import WORK


class How(models.TextChoices):
    """How soon a notice is also sent; it stands in the list in any case."""

    NOW = "now", gettext_lazy("立即发送")
    DAILY = "daily", gettext_lazy("每日汇总")
    OFF = "off", gettext_lazy("不发送")


@dataclass(frozen=True)
class Kind:
    """One kind of notice; ``words`` makes its sentence of the case's number and the facts, which are codes."""

    code: str
    title: str
    words: Callable[[str, Mapping[str, Any]], str]
    how: How = How.DAILY

    @property
    def urgent(self) -> bool:
        """Whether something is amiss."""
        return self.how == How.NOW


def _job(facts: Mapping[str, Any]) -> str:
    known = WORK.get(facts.get("work", ""))
    return str(known.title) if known else _("后台任务")


KINDS = {
    kind.code: kind
    for kind in (
        Kind("arrived", gettext_lazy("新到事项"), lambda number, _facts: _("%s 有事项待您办理") % number),
        Kind("reminder", gettext_lazy("临期提醒"), lambda number, _facts: _("%s 的办理期限将至") % number),
        Kind(
            "overdue", gettext_lazy("超期"), lambda number, _facts: _("%s 已超过办理期限") % number, How.NOW
        ),
        Kind(
            "escalated",
            gettext_lazy("逐级上报"),
            lambda number, _facts: _("%s 超期未办，已上报至您处") % number,
            How.NOW,
        ),
        Kind(
            "lapsed",
            gettext_lazy("逾期办结"),
            lambda number, _facts: _("%s 有事项逾期，系统已按规定办理") % number,
        ),
        Kind("paper", gettext_lazy("文书"), lambda number, _facts: _("%s 有文书可供查阅") % number),
        Kind(
            "job_done",
            gettext_lazy("后台任务完成"),
            lambda _number, facts: _("“%s”已完成") % _job(facts),
            How.OFF,
        ),
        Kind(
            "job_dead", gettext_lazy("后台任务失败"), lambda _number, facts: _("“%s”未能完成") % _job(facts)
        ),
    )
}
