"""Registers `apps.organisations` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import OrgKind


class OrganisationsConfig(AppConfig):
    """The tree of organisations, divisions by date, and who holds which post."""

    name = "apps.organisations"
    label = "organisations"
    verbose_name = _("机构")
    # (name of the address, title, kinds of bodies or roles it is open to; None: everybody)
    navigation = (("organisations:network", _("机构网络"), {OrgKind.RMO, OrgKind.STREET_RMO}),)
