"""Registers `apps.retirees` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetireesConfig(AppConfig):
    """Who a retiree is, and who manages the person from when to when."""

    name = "apps.retirees"
    label = "retirees"
    verbose_name = _("退休人员")

    def ready(self):
        from apps.retirees import checks  # noqa: F401  it needs the models, which are ready only now
