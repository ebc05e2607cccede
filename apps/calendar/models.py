"""Days that this installation has been told of: a year's holidays once published, and the place's own days off."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Streamed


class HolidayNotice(Streamed):
    """A notice on holidays; its days count once a second person has approved it, and never change after.

    With a `year` it is the State Council's notice for the whole of it: that year is no longer provisional.
    """

    STREAM = "calendar"

    title = models.CharField(_("名称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60)
    year = models.PositiveSmallIntegerField(_("全年安排的年份"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核准人"),
    )
    approved_at = models.DateTimeField(_("核准时间"), null=True, blank=True)
    # The open clocks have been reckoned with it.
    reckoned = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("放假安排")
        verbose_name_plural = _("放假安排")
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(approved_at__isnull=False),
                name="one_notice_for_a_year",
                violation_error_message=_("该年的放假安排已经核准"),
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")), name="notice_approved_by_another"
            ),
        ]

    def __str__(self):
        return self.title


class NoticeDay(models.Model):
    """One day of a notice: worked or not, whatever the day of the week."""

    APPEND_ONLY = True

    notice = models.ForeignKey(HolidayNotice, models.PROTECT, related_name="days", verbose_name=_("放假安排"))
    day = models.DateField(_("日期"))
    works = models.BooleanField(_("上班"))
    name = models.CharField(_("事由"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("放假或调休日")
        verbose_name_plural = _("放假或调休日")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["notice", "day"], name="day_once_in_a_notice")]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}"
