"""Registers `apps.exchange` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Spreadsheets in and out."""

    name = "apps.exchange"
    label = "exchange"
    verbose_name = _("数据交换")
