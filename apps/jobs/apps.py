"""Registers `apps.jobs` with Django, and finds what work the apps have."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Background work that survives kills."""

    name = "apps.jobs"
    label = "jobs"
    verbose_name = _("后台任务")

    def ready(self):
        # Work is looked up by kind: whoever runs or shows a job must know all there is.
        from . import schedule  # noqa: F401 - it has work of its own

        autodiscover_modules("work")
