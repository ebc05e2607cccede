"""Registers `apps.portal` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Sign-in, home and the pages every account shares."""

    name = "apps.portal"
    label = "portal"
    verbose_name = _("门户")
