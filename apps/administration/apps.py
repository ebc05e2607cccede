"""Registers `apps.administration` with Django, and what its proposals do."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import ADMINISTRATORS


class AdministrationConfig(AppConfig):
    """The administrators' desk."""

    name = "apps.administration"
    label = "administration"
    verbose_name = _("系统管理")
    # (name of the address, title, kinds of bodies or roles it is open to; None: everybody)
    navigation = (("administration:home", _("系统管理"), ADMINISTRATORS),)

    def ready(self):
        from . import changes  # noqa: F401 - each kind of proposal names itself; it needs the models
