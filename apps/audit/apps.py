"""Starts the audit trail: its checks, and the grants that follow every migration."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "apps.audit"
    label = "audit"
    verbose_name = _("审计")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Both modules read the models, which do not exist before the registry is ready.
        from .checks import check_streams
        from .grants import grant_after_migrate

        checks.register(check_streams)
        post_migrate.connect(grant_after_migrate, sender=self, dispatch_uid="audit.grants")
