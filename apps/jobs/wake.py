"""Waking the workers: one message for however many jobs, sent from a thread of its own.

An act neither waits for the broker nor fails with it; a message that is lost is made up for by the scheduler.
"""

import logging
import threading
import time

from celery import current_app

DRAIN = "jobs.drain"
PAUSE = 0.1  # seconds between two messages of a process; a worker that is awake finds new jobs by itself

log = logging.getLogger(__name__)
_asked = threading.Event()
_starting = threading.Lock()
_sender: threading.Thread | None = None


def wake() -> None:
    """Have a worker look for due jobs, soon."""
    global _sender
    _asked.set()
    if _sender is None or not _sender.is_alive():  # a forked process inherits no threads
        with _starting:
            if _sender is None or not _sender.is_alive():
                _sender = threading.Thread(target=_send_on, name="jobs-wake", daemon=True)
                _sender.start()


def _send_on() -> None:
    while True:
        _asked.wait()
        _asked.clear()
        send()
        time.sleep(PAUSE)


def send() -> bool:
    """Send one message, and say whether the broker took it."""
    try:
        current_app.send_task(DRAIN, ignore_result=True, retry=False)
    except Exception as error:  # whatever a broker's driver raises
        log.warning("no worker could be woken: %s", type(error).__name__)
        return False
    return True
