"""What keeps a person from going on: kept as codes and values, said in the language of whoever reads."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SAID = {
    "elsewhere": gettext_noop("已列入未办结的批次%(number)s"),
    "registered": gettext_noop("登记簿记载该人员已死亡，或已由街道管理"),
    "name": gettext_noop("姓名：%(ours)s / %(theirs)s"),
    "number": gettext_noop("公民身份号码：%(ours)s / %(theirs)s"),
    "birth_date": gettext_noop("出生日期：%(ours)s / %(theirs)s"),
    "unit": gettext_noop("单位名称：%(ours)s / %(theirs)s"),
    "state": gettext_noop("待遇状态：%(ours)s / %(theirs)s"),
    "dead": gettext_noop("社保记载已死亡 %(theirs)s"),
    "uninsured": gettext_noop("社保记载未参保"),
    "unanswered": gettext_noop("社保未回复"),
    "text": "%(text)s",
}


def say(faults: Iterable[Mapping[str, str]]) -> str:
    """Return faults, each a code with its values, as one text."""
    sentences = ((SAID[fault["code"]], fault) for fault in faults)
    return _("；").join((_(words) % fault).strip() for words, fault in sentences)
