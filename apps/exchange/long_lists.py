"""Lists too long for a page to wait for: written by a job, part by part, then fetched by whoever asked."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.audit.streams import record
from apps.jobs.models import Job
from apps.jobs.queue import enqueue
from apps.jobs.work import Done, More
from apps.organisations.models import Post
from apps.retirees import vault

from . import listing, parcels
from .models import Parcel

WORK = "exchange.export"
PART = 5_000
LARGEST = 1_000_000  # rows a workbook holds


@dataclass(frozen=True)
class List:
    """A kind of list: its columns, and its lines for so many rows by their numbers, in that order."""

    columns: Callable[[], Sequence[str]]
    lines: Callable[[list[int], Any], Iterable[Sequence]]


LISTS: dict[str, List] = {}


def put_off(name: str, rows: Iterable[int], *, form: str, by, facts: dict, reason: str = "") -> Job:
    """Leave the writing of a list to a job; ``facts`` and ``reason`` are recorded when it is written."""
    rows = list(rows)
    said = json.dumps({"facts": facts, "reason": reason})
    given = {
        "list": name,
        "form": form,
        "rows": rows,
        # What somebody looked for may name a person.
        "said": base64.b64encode(vault.seal(said, owner=by.post.pk, field=WORK)).decode(),
        "language": translation.get_language(),
    }
    return enqueue(WORK, given=given, by=by, total=len(rows))


def write_next(job) -> More | Done:
    """Write the next part of a list, or join the parts to the file once all are written."""
    given, at = job.given, job.state.get("at", 0)
    rows = given["rows"]
    with translation.override(given["language"]):
        if not Post.objects.held().filter(pk=job.by.post.pk).exists():
            return Done({"text": _("您已不在该岗位，名单未导出")})
        if at < len(rows):
            lines = [
                list(map(str, line)) for line in LISTS[given["list"]].lines(rows[at : at + PART], job.by)
            ]
            text = json.dumps(lines, ensure_ascii=False).encode()
            parcels.keep(text, by=job.by, name=given["list"], job=job.pk, part=at // PART + 1)
            reached = min(at + PART, len(rows))
            return More({"at": reached}, done=reached, total=len(rows))
        return _joined(job)


def _joined(job) -> Done:
    given, parts = job.given, Parcel.objects.filter(job=job.pk, part__gt=0).order_by("part")
    lines = (line for part in parts for line in json.loads(parcels.content(part)))
    written = listing.write(given["form"], [str(title) for title in LISTS[given["list"]].columns()], lines)
    name = f"{given['list']}-{timezone.localtime():%Y%m%d-%H%M%S}.{given['form']}"
    file = parcels.keep(written.content, by=job.by, name=name, media=written.media, job=job.pk)
    parts.delete()
    said = json.loads(vault.unseal(base64.b64decode(given["said"]), owner=job.by.post.pk, field=WORK))
    facts = {"list": given["list"], "rows": written.rows, "digest": written.digest, **said["facts"]}
    record(job.by.user, "export", by=job.by, reason=said["reason"], given=facts)
    return Done({"text": _("已导出 %d 行") % written.rows, "link": reverse("parcel", args=[file.pk])})
