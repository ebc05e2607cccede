"""What people are told of: each kind with its title, its words, and how soon it is sent unless a person says."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class How(models.TextChoices):
    """How soon a notice is also sent; it stands in the list in any case."""

    NOW = "now", _("立即发送")
    DAILY = "daily", _("每日汇总")
    OFF = "off", _("不发送")


@dataclass(frozen=True)
class Kind:
    """One kind of notice; in its words stands the case's number, or what the job does."""

    code: str
    title: str
    words: str
    how: How = How.DAILY

    @property
    def urgent(self) -> bool:
        """Whether something is amiss."""
        return self.how == How.NOW


KINDS = {
    kind.code: kind
    for kind in (
        Kind("arrived", _("新到事项"), _("%s 有事项待您办理")),
        Kind("reminder", _("临期提醒"), _("%s 的办理期限将至")),
        Kind("overdue", _("超期"), _("%s 已超过办理期限"), How.NOW),
        Kind("escalated", _("逐级上报"), _("%s 超期未办，已上报至您处"), How.NOW),
        Kind("review", _("复查"), _("%s 已到复查日期")),
        Kind("lapsed", _("逾期办结"), _("%s 有事项逾期，系统已按规定办理")),
        Kind("paper", _("文书"), _("%s 有文书可供查阅")),
        Kind("job_done", _("后台任务完成"), _("“%s”已完成"), How.OFF),
        Kind("job_dead", _("后台任务失败"), _("“%s”未能完成")),
    )
}
