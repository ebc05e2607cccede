"""The schedule: periodic work once in its slot, and a wake-up for what nobody was told of."""

from datetime import timedelta

from celery import current_app
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import ChannelError

from .models import Job, Now, Status
from .queue import due
from .wake import send
from .work import WORK, every

FORGOTTEN = timedelta(seconds=2)  # a job due for so long has missed its wake-up, or waited out a pause
KEPT, PERIODIC_KEPT = timedelta(days=90), timedelta(days=1)


class Schedule:
    """What one scheduler has done so far; any number of them may run beside each other."""

    def __init__(self) -> None:
        self.slots: dict[str, int] = {}

    def tick(self) -> None:
        """Put the periodic work of this moment into the queue; wake a worker where one is needed."""
        added = self.add_slots()
        if (added or due().filter(not_before__lt=Now() - FORGOTTEN).exists()) and not queued():
            send()

    def add_slots(self) -> int:
        """Add the jobs whose slot has come, one of a kind at a time; return how many came due here."""
        now = _server_seconds()
        slots = {kind: int(now // work.seconds) for kind, work in WORK.items() if work.seconds}
        fresh = {kind: slot for kind, slot in slots.items() if self.slots.get(kind) != slot}
        if not fresh:
            return 0
        waiting = set(
            Job.objects.filter(status=Status.WAITING, kind__in=fresh).values_list("kind", flat=True)
        )
        jobs = [Job(kind=kind, slot=slot) for kind, slot in fresh.items() if kind not in waiting]
        Job.objects.bulk_create(jobs, ignore_conflicts=True)
        self.slots = slots
        return len(jobs)


def queued() -> bool:
    """Say whether a wake-up lies in the broker already: another one would only add to the heap."""
    with current_app.connection_for_read() as broker:
        try:
            queue = current_app.conf.task_default_queue
            return broker.default_channel.queue_declare(queue, passive=True).message_count > 0
        except ChannelError:
            return False  # no such queue yet


@every("jobs.tidy", seconds=3600, title=_("清理已完成的任务"))
def tidy(job) -> None:
    """Forget what is finished and was long ago; what is dead stays until somebody has looked."""
    periodic = Q(slot__isnull=False, ended_at__lt=Now() - PERIODIC_KEPT)
    finished = Job.objects.filter(status__in=[Status.DONE, Status.CANCELLED])
    finished.filter(periodic | Q(ended_at__lt=Now() - KEPT)).delete()


def _server_seconds() -> float:
    # The server's own clock, which all schedulers share; a demo that shifts its time back must not skip slots.
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        return cursor.fetchone()[0]
