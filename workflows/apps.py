"""Registers `workflows` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    """The business: one file per process."""

    name = "workflows"
    label = "workflows"
    verbose_name = _("业务流程")
