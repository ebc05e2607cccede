"""What a worker does when it is woken."""

import logging
import time

from celery import shared_task
from django.db import Error

from . import crashes
from .queue import due, note_failure, run_next
from .wake import DRAIN, wake

STINT = 10  # seconds after which a worker may be stopped, or see to something else

log = logging.getLogger(__name__)


@shared_task(name=DRAIN, ignore_result=True)
def drain() -> None:
    """Run what is due, for a while; what is left then has a wake-up of its own."""
    try:
        for job in crashes.left_behind():
            note_failure(job, "WorkerKilled")
        until = time.monotonic() + STINT
        while run_next():
            if time.monotonic() > until:
                if due().exists():
                    wake()
                return
    except Error as error:
        log.warning("the database went away (%s); its jobs wait for it", type(error).__name__)
