"""Registers `apps.policies` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    """The register of policy documents, their clauses and the dated rules."""

    name = "apps.policies"
    label = "policies"
    verbose_name = _("政策")
    # (name of the address, title, kinds of bodies or roles it is open to; None: everybody)
    navigation = (("policies:documents", _("政策依据"), None),)

    def ready(self):
        from . import register  # noqa: F401 - names the kind of proposal that enters a document
