"""Registers `apps.administration` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """The administrators' desk."""

    name = "apps.administration"
    label = "administration"
    verbose_name = _("系统管理")
