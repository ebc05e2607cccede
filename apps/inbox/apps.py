"""Registers `apps.inbox` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import OrgKind

ISSUING = (OrgKind.RMO, OrgKind.STREET_RMO, OrgKind.CITY_GOV, OrgKind.COUNTY_GOV, OrgKind.MGMT_COMMITTEE)


class InboxConfig(AppConfig):
    """What waits for an office."""

    name = "apps.inbox"
    label = "inbox"
    verbose_name = _("待办")
    # (name of the address, title, kinds of bodies or roles it is open to; None: everybody)
    navigation = (("inbox", _("待办"), None), ("papers", _("文书"), ISSUING))
