"""The words of a message: counts, case numbers and addresses; of people and their matters nothing."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Delivery, Notice
from .preferences import stop_token

NAMED = 10
"""So many notices are named in a message; the rest is counted."""


@dataclass(frozen=True)
class Message:
    """A subject and the lines below it, in the language active when it was made."""

    subject: str
    lines: list[str]


def compose(delivery: Delivery, notices: list[Notice]) -> Message:
    """Say what waits (in a digest) and what was told."""
    waiting = delivery.facts.get("waiting")
    if not waiting:
        subject = _("%(title)s：%(count)d 条") % {"title": delivery.title, "count": len(notices)}
        return Message(subject, _told(notices))
    subject = ngettext("待办 %d 件", "待办 %d 件", waiting["count"]) % waiting["count"]
    if waiting["late"]:
        subject = _("%(waiting)s，其中超期 %(late)d 件") % {"waiting": subject, "late": waiting["late"]}
    return Message(subject, [*map(_due, waiting["first"]), *([""] if notices else []), *_told(notices)])


def _told(notices: list[Notice]) -> list[str]:
    lines = [notice.words for notice in notices[:NAMED]]
    more = len(notices) - NAMED
    return [*lines, ngettext("另有 %d 条", "另有 %d 条", more) % more] if more > 0 else lines


def _due(first: dict) -> str:
    if not first["due"]:
        return _("%s：无期限") % first["number"]
    return _("%(number)s：%(day)s 到期") % {
        "number": first["number"],
        "day": localtime(parse_datetime(first["due"])).strftime("%Y-%m-%d"),
    }


def mail(delivery: Delivery, message: Message) -> EmailMessage:
    """The message as a mail that says how to end mails of its sort."""
    stop = settings.SITE_URL + reverse("notices:stop", args=[stop_token(delivery.user_id, delivery.kind)])
    lines = [
        *message.lines,
        "",
        _("请登录办理：%s") % (settings.SITE_URL + reverse("notices:list")),
        _("不再接收此类邮件：%s") % stop,
    ]
    return EmailMessage(
        _("【退管】%s") % message.subject,
        "\n".join(lines) + "\n",
        to=[delivery.user.email],
        headers={
            "Message-ID": f"<{delivery.pk}@{settings.SITE_HOST}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def short(message: Message) -> str:
    """The message for a telephone: its subject, and the first thing it names."""
    return _("【退管】%s") % "，".join([message.subject, *message.lines[:1]])
