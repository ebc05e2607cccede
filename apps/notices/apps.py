"""Registers `apps.notices` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import Role


class NoticesConfig(AppConfig):
    """What people are told."""

    name = "apps.notices"
    label = "notices"
    verbose_name = _("消息")
    navigation = (("notices:deliveries", _("发送记录"), frozenset({Role.SYS_ADMIN})),)

    def ready(self):
        from .sms import gateway  # reads the settings, which are ready only now

        gateway()  # a name that is none is refused at start
