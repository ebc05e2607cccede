"""Registers `apps.notices` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told."""

    name = "apps.notices"
    label = "notices"
    verbose_name = _("消息")
