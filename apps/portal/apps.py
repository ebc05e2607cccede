"""Registers `apps.portal` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import ENTERPRISE_SIDE


class PortalConfig(AppConfig):
    """The enterprise desk: batches, rosters and their faults."""

    name = "apps.portal"
    label = "portal"
    verbose_name = _("企业申报")
    navigation = (("portal:desk", _("企业申报"), ENTERPRISE_SIDE),)
