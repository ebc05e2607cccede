"""Nothing to do, once as a job and once as a plain task; a byte in a file says that it is done."""

import os
from pathlib import Path

from celery import shared_task
from django.conf import settings

from apps.jobs.work import work

KIND = "bench.nothing"


def counter() -> Path:
    return settings.TUIGUAN_DATA / "bench-done"


def count() -> None:
    file = os.open(counter(), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b".")
    os.close(file)


@work(KIND, title="试验")
def nothing(job) -> None:
    count()


@shared_task(name=KIND, ignore_result=True)
def plain() -> None:
    count()
