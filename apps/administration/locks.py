"""Accounts that rest because of wrong passwords, as django-axes keeps them."""

from datetime import timedelta

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.utils import timezone


def locked() -> list[str]:
    """The accounts that rest now."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    resting = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return list(resting.values_list("username", flat=True).distinct())


def lift(username: str) -> None:
    """Let an account try again at once."""
    reset(username=username)
