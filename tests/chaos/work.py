"""The work of the kill test: an effect in the database, and a message outside it."""

import os

from django.conf import settings
from django.db import connection

from apps.jobs.work import More, work


@work("chaos.effect", title="试验")
def leave_effect(job):
    """Leave the effect of one part; its message carries an id that stays the same whenever it is sent again."""
    act, part = job.given["act"], job.state.get("part", 0)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chaos_effect VALUES (%s, %s)", [act, part])
    outbox = os.open(settings.TUIGUAN_DATA / "outbox", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(outbox, f"{act}/{part}\n".encode())
    os.close(outbox)
    if part + 1 < job.given["parts"]:
        return More({"part": part + 1}, done=part + 1, total=job.given["parts"])
    return None
