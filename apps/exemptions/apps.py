"""Registers `apps.exemptions` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExemptionsConfig(AppConfig):
    """The records of an exemption from the management fee: what is claimed, found, opined and decided."""

    name = "apps.exemptions"
    label = "exemptions"
    verbose_name = _("经费豁免")
