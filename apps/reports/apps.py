"""Registers `apps.reports` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import OrgKind


class ReportsConfig(AppConfig):
    """Ledgers and reports."""

    name = "apps.reports"
    label = "reports"
    verbose_name = _("台帐与报表")
    navigation = (
        ("reports:ledger", _("基础台帐"), {OrgKind.RMO, OrgKind.STREET_RMO, OrgKind.COMMUNITY_STATION}),
    )
