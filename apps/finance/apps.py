"""Registers `apps.finance` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import ENTERPRISE_SIDE, OrgKind


class FinanceConfig(AppConfig):
    """The finance desk: the special account, the bank's files, months."""

    name = "apps.finance"
    label = "finance"
    verbose_name = _("财政专户")
    # The management body, which only reads the account, comes to it from the fees: its bar is full.
    navigation = (
        ("finance:fees", _("管理活动经费"), ENTERPRISE_SIDE | {OrgKind.FINANCE_DEPT, OrgKind.RMO}),
        ("finance:home", _("财政专户"), {OrgKind.FINANCE_DEPT}),
    )
