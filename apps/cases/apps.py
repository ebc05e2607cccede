"""Registers `apps.cases` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """The concrete tables that every process moves, and who takes part in which case."""

    name = "apps.cases"
    label = "cases"
    verbose_name = _("事项")
