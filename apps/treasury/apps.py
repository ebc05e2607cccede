"""Registers `apps.treasury` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreasuryConfig(AppConfig):
    """The fiscal special account (财政专户)."""

    name = "apps.treasury"
    label = "treasury"
    verbose_name = _("财政专户")
