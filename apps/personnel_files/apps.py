"""Registers `apps.personnel_files` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonnelFilesConfig(AppConfig):
    """The retirees' personnel files."""

    name = "apps.personnel_files"
    label = "personnel_files"
    verbose_name = _("人事档案")
