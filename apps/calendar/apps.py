"""Registers `apps.calendar` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    """Working days, and when something falls due."""

    name = "apps.calendar"
    label = "calendar"
    verbose_name = _("工作日历")
