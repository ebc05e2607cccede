"""Registers `apps.transfers` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    """Records of a transfer: rosters, agreement, social-insurance match."""

    name = "apps.transfers"
    label = "transfers"
    verbose_name = _("移交")
