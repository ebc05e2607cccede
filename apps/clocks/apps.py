"""Registers `apps.clocks` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    """Time limits at work."""

    name = "apps.clocks"
    label = "clocks"
    verbose_name = _("办理期限")
