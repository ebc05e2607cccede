"""``manage.py tick``: fires the clocks and takes the seals, for as long as it runs."""

import signal
import threading
import time

from django.core.management.base import BaseCommand

from apps.audit import seals
from apps.clocks.alarms import fire


class Command(BaseCommand):
    help = (
        "Fire due clocks every --every seconds and seal the trail every --seal seconds; --once for one round."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--every", type=float, default=30)
        parser.add_argument("--seal", type=float, default=300)

    def handle(self, *, once: bool, every: float, seal: float, **options):
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_received: stop.set())
        sealed = -seal
        while not stop.is_set():
            if moved := fire(10_000):
                self.stdout.write(f"clocks: {moved}")
            if time.monotonic() - sealed >= seal:
                seals.take()
                sealed = time.monotonic()
            if once:
                return
            stop.wait(every)
