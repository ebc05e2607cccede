"""Registers `apps.demo` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demo town: its offices, accounts and people."""

    name = "apps.demo"
    label = "demo"
    verbose_name = _("演示")
