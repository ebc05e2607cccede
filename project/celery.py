"""Celery: carries the messages that wake workers; what there is to do stands in the job rows."""

import logging
import os

import django
from celery import Celery
from celery.beat import Scheduler
from django.db import connection
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
TRANSPORT_ALIASES["filesystem"] = "project.broker:Transport"
app = Celery("tuiguan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

log = logging.getLogger(__name__)


class JobScheduler(Scheduler):
    """What `celery beat` runs: our schedule, which stands in the database, instead of a file of its own."""

    def setup_schedule(self):
        """Make the apps ready, which beat does not do by itself, and find the work there is to schedule."""
        django.setup()
        from apps.jobs.schedule import Schedule  # reads the models, which are ready only now

        self.jobs = Schedule()

    def tick(self, **_heap) -> float:
        """Do what is due now; return after how many seconds to come back."""
        try:
            self.jobs.tick()
        except Exception as error:  # a database or broker that is away comes back
            log.warning("the schedule waits: %s", type(error).__name__)
            connection.close()
        return 1.0
