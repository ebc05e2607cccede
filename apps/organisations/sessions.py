"""Who is signed in: Django's session with the person beside it, so that it can be listed and ended."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignedIn(AbstractBaseSession):
    """One browser's session; of a person once somebody has signed in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sessions")

    class Meta:
        verbose_name = _("登录")
        verbose_name_plural = _("登录")

    @classmethod
    def get_session_store_class(cls):
        from apps.organisations.session_store import SessionStore  # it needs this model

        return SessionStore
