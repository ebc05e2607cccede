"""Deciding more rows than a page can wait for: a job in parts, which remain one act of one person."""

from __future__ import annotations

import base64
import uuid

from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.engine import registry
from apps.engine.door import Outcome, Refused, perform_all
from apps.engine.words import Move
from apps.jobs.models import Job, Status
from apps.jobs.queue import enqueue
from apps.jobs.work import Done, More, work
from apps.retirees import vault

from .decisions import reasons

AT_ONCE = 10_000  # rows a page may wait for
PART = 5_000
SHOWN = 50  # rows named per sentence; the rest is counted
KIND, SAID = "inbox.decide", "decision"


def takes_long(rows, move: Move) -> bool:
    """Whether to leave a decision to a job; one that is given a file never is."""
    if move.asks and move.asks().is_multipart():
        return False
    return rows.order_by()[: AT_ONCE + 1].count() > AT_ONCE


def put_off(rows, move: Move, request) -> Job:
    """Leave a decision on many rows to a job. Raises ``Refused`` for what concerns the whole set."""
    said = QueryDict(mutable=True)
    for name in ("reason", "reason_code", *(move.asks.base_fields if move.asks else ())):
        said.setlist(name, request.POST.getlist(name))
    perform_all(rows.none(), move.name, by=request.acting, given=said, **reasons(said))
    chosen, act = list(rows.order_by("pk").values_list("pk", flat=True)), str(uuid.uuid4())
    given = {
        "machine": rows.model._meta.model_name,
        "move": move.name,
        "rows": chosen,
        "act": act,
        # What somebody wrote may name a person.
        "said": base64.b64encode(vault.seal(said.urlencode(), owner=act, field=SAID)).decode(),
        "language": translation.get_language(),
    }
    return enqueue(KIND, given=given, by=request.acting, total=len(chosen))


@work(KIND, title=_("批量办理"))
def decide(job) -> Done | More:
    """Make the move on the next part of the rows."""
    given, reached = job.given, {"at": 0, "moved": 0, "stayed": {}} | job.state
    start, rows = reached["at"], given["rows"]
    with translation.override(given["language"]):
        part = rows[start : start + PART]
        outcome = _decide(given, part, by=job.by)
        reached["moved"] += outcome.moved
        for sentence, stayed in outcome.stayed.items():
            count, named = reached["stayed"].get(str(sentence), (0, []))
            reached["stayed"][str(sentence)] = [count + len(stayed), [*named, *stayed][:SHOWN]]
        reached["at"] += len(part)
        if reached["at"] < len(rows):
            return More(reached, done=reached["at"], total=len(rows))
        return Done(_told(job, reached))


def outcome_of(job: str, user) -> dict | None:
    """What a job of this person has come to, if there is such a job and it is done."""
    mine = Job.objects.filter(kind=KIND, status=Status.DONE, post__user=user)
    return mine.filter(pk=job).values_list("result", flat=True).first() if job.isdecimal() else None


def _decide(given: dict, part: list[int], *, by) -> Outcome:
    sealed = base64.b64decode(given["said"])
    said = QueryDict(vault.unseal(sealed, owner=given["act"], field=SAID))
    act, rows = uuid.UUID(given["act"]), registry.machine(given["machine"]).rows().filter(pk__in=part)
    try:
        return perform_all(rows, given["move"], by=by, given=said, act=act, **reasons(said))
    except Refused as refusal:
        return Outcome(act, 0, {str(refusal): part})


def _told(job: Job, reached: dict) -> dict:
    move = registry.machine(job.given["machine"]).moves[job.given["move"]]
    moved = reached["moved"]
    done = ngettext("已办理“%(move)s”，共 %(count)d 项", "已办理“%(move)s”，共 %(count)d 项", moved)
    return {
        "machine": job.given["machine"],
        "move": move.name,
        "moved": moved,
        "stayed": reached["stayed"],
        "text": done % {"move": move.title, "count": moved},
        "link": f"{reverse('outcome')}?job={job.pk}",
    }
