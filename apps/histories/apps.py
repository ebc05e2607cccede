"""Registers `apps.histories` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoriesConfig(AppConfig):
    """The audit trail as people read it."""

    name = "apps.histories"
    label = "histories"
    verbose_name = _("履历")
    navigation = (("histories:events", _("履历"), None),)
