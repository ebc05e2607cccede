"""The house as it is, with the work and the page that the kill test needs."""

from project.settings import *  # noqa: F403
from project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
ROOT_URLCONF = "tests.chaos.urls"
