"""Registers `apps.documents` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """One class per official paper."""

    name = "apps.documents"
    label = "documents"
    verbose_name = _("文书")
