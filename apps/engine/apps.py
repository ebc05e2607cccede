"""Registers `apps.engine` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngineConfig(AppConfig):
    """The kernel: the words a process is written in, and the one door."""

    name = "apps.engine"
    label = "engine"
    verbose_name = _("流程引擎")

    def ready(self):
        from . import flow  # the flows are derived from the models, which are all known only now

        flow.bind_all()
