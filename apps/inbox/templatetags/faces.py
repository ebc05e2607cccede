"""Small words and numbers for templates: deadlines in words, amounts, addresses of pages."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.calendar.workdays import is_provisional

register = template.Library()


@dataclass(frozen=True)
class Deadline:
    """A deadline as people say it, with the tone it is shown in (empty: calm).

    It is provisional while the holidays of its year are not yet published.
    """

    date: str
    words: str
    tone: str
    row: str
    provisional: bool = False


@register.simple_tag
def due(at: datetime) -> Deadline:
    """Say how far away a deadline is, in calendar days: 超期 3 天、今日到期、明日到期、余 5 天."""
    day, today = timezone.localdate(at), timezone.localdate()
    left = (day - today).days
    date = day.strftime("%m-%d" if day.year == today.year else "%Y-%m-%d")
    if left < 0:
        return Deadline(date, ngettext("超期 %d 天", "超期 %d 天", -left) % -left, "red", "late")
    if left < 2:
        return Deadline(date, (_("今日到期"), _("明日到期"))[left], "orange", "near")
    return Deadline(date, _("余 %d 天") % left, "", "", is_provisional(at))


@register.filter
def row_tone(at: datetime | None) -> str:
    """The class that colours a row's left edge."""
    return due(at).row if at else ""


@register.filter
def capped(count: int) -> str:
    """Say a number as lists count it: never beyond 999."""
    return "999+" if count > 999 else str(count)


@register.simple_tag(takes_context=True)
def page_url(context, number: int, name: str = "page") -> str:
    """The address of another page of the same list."""
    query = context["request"].GET.copy()
    query[name] = number
    place = f"#{name.removesuffix('-page')}" if name != "page" else ""
    return f"?{query.urlencode()}{place}"


@register.filter
def yuan(fen: int) -> str:
    """Say an amount in 分 as 元."""
    return f"{fen / 100:,.2f}"


@register.filter
def verbose_name(model) -> str:
    return model._meta.verbose_name


@register.filter
def kind_title(paper, kinds: dict) -> str:
    """What kind of paper this is, in words."""
    kind = kinds.get(paper.kind)
    return kind.title if kind else paper.kind
