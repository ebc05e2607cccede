"""What is done for cases in the background."""

from django.utils.translation import gettext_lazy as _

from apps.jobs.work import More, every

from .arrivals import tell_arrivals
from .digest import make_digests


@every("cases.arrivals", seconds=60, title=_("通知新到事项"))
def arrivals(job):
    """Tell the offices what has come to wait for them."""
    return More(state={}) if tell_arrivals() else None


@every("cases.digest", seconds=86_400, title=_("每日汇总邮件"))
def digest(job):
    """Send everybody the mail of the day; a slot begins at eight in the morning."""
    make_digests()
