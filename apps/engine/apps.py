"""Registers `apps.engine` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngineConfig(AppConfig):
    """The kernel: the words a process is written in, and the one door."""

    name = "apps.engine"
    label = "engine"
    verbose_name = _("流程引擎")

    def ready(self):
        # Once all models are known: the flows are derived from them, and the checks prove them.
        from . import checks, flow  # noqa: F401

        flow.bind_all()
