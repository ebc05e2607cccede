"""Registers `apps.fees` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeesConfig(AppConfig):
    """Assessments of the transfer fee."""

    name = "apps.fees"
    label = "fees"
    verbose_name = _("费用")
