"""Registers `apps.allocations` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllocationsConfig(AppConfig):
    """The records of what streets are given: yearly allocations and start-up grants."""

    name = "apps.allocations"
    label = "allocations"
    verbose_name = _("拨付与开办费")
