"""How days off come to count: one person enters a notice, another approves it."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.streams import now, record
from apps.calendar.models import HolidayNotice, NoticeDay
from apps.calendar.workdays import LAST_YEAR
from apps.organisations.acting import Acting
from apps.organisations.second_person import same_person

from .rules import APPROVER, AUTHOR, may


class NoticeRefused(Exception):
    """A notice that may not be entered or approved; the message says why and who could."""


def propose(
    *, by: Acting, title: str, number: str, days: Mapping[date, tuple[bool, str]], year: int | None = None
) -> HolidayNotice:
    """Enter a notice with its days (worked or not, and why); it counts once another person has approved it.

    With a `year` it is the notice for the whole of it. Raises NoticeRefused.
    """
    if not may(by, AUTHOR):
        raise NoticeRefused(_("放假安排由市退管机构审核人员录入。"))
    if year is not None and year <= LAST_YEAR:
        raise NoticeRefused(_("%s年的全年放假安排已随系统提供。") % year)
    if not days:
        raise NoticeRefused(_("请至少填写一天。"))
    with transaction.atomic():
        notice = HolidayNotice.objects.create(title=title, number=number, year=year, author=by.user)
        NoticeDay.objects.bulk_create(
            NoticeDay(notice=notice, day=day, works=works, name=name) for day, (works, name) in days.items()
        )
        record(notice, "propose_days", by=by, given=_facts(notice, sorted(days)))
    return notice


def approve(notice: HolidayNotice, *, by: Acting) -> HolidayNotice:
    """Let a notice count; open time limits are reckoned anew soon after. Raises NoticeRefused."""
    if not may(by, APPROVER):
        raise NoticeRefused(_("放假安排由市退管机构负责人核准。"))
    with transaction.atomic():
        notices = HolidayNotice.objects.select_related("author").select_for_update(of=("self",))
        notice = notices.get(pk=notice.pk)
        if notice.approved_at is not None:
            raise NoticeRefused(_("该放假安排已经核准。"))
        if same_person(notice.author, by.user):
            raise NoticeRefused(_("录入人不能核准自己录入的放假安排，请由另一人核准。"))
        if notice.year and HolidayNotice.objects.filter(year=notice.year, approved_at__isnull=False).exists():
            raise NoticeRefused(_("%s年的全年放假安排已经核准。") % notice.year)
        notice.approver, notice.approved_at = by.user, now()
        HolidayNotice.objects.filter(pk=notice.pk).update(approver=by.user, approved_at=notice.approved_at)
        days = list(notice.days.values_list("day", flat=True))
        record(notice, "approve_days", by=by, given=_facts(notice, days))
    return notice


def _facts(notice: HolidayNotice, days: Sequence[date]) -> dict:
    return {
        "notice": f"{notice.title}（{notice.number}）",
        "year": notice.year,
        "since": days[0].isoformat(),
        "until": days[-1].isoformat(),
        "count": len(days),
    }
