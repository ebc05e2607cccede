"""Registers `apps.processes` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcessesConfig(AppConfig):
    """The processes as their officers read and sign them."""

    name = "apps.processes"
    label = "processes"
    verbose_name = _("办理流程")

    def ready(self):
        from . import checks  # noqa: F401  they prove the models, which are all known only now
