"""Bulk printing: the letters of one print joined to one file an office, resumable between any two parts."""

import base64
import hashlib
from uuid import uuid4

from django.db.models import F, Max
from django.db.models.functions import Coalesce

from apps.audit.streams import now, record
from apps.jobs.queue import enqueue
from apps.jobs.work import More
from apps.retirees import vault

from .making import content, make, waiting
from .models import Bundle, Paper, Printing
from .rendering import joined, page_count

BUNDLE, REASON = "papers.bundle", "print reason"
CHUNK = 20  # letters drawn up in one transaction


def print_all(papers, *, by, reason: str):
    """Have so many papers printed as one job and return it; each office's letters become one file."""
    chosen = sorted(papers.values_list("pk", flat=True))
    # What somebody wrote may name a person.
    owner = str(uuid4())
    sealed = base64.b64encode(vault.seal(reason[:200], owner=owner, field=REASON)).decode()
    given = {"papers": chosen, "owner": owner, "reason": sealed}
    return enqueue(BUNDLE, given=given, by=by, total=len(chosen))


def join_next(job) -> More | None:
    """Do the next part of a bulk print: draw up some letters, or else join those of the next office."""
    papers = meant_for(Paper.objects.filter(pk__in=job.given["papers"]))
    total = len(job.given["papers"])
    if some := list(waiting(papers)[:CHUNK]):
        for paper in some:
            make(paper)
        return More(job.state, done=total - papers.filter(file=None).count(), total=total)
    joined_already = Bundle.objects.filter(job=job.pk).values("about")
    left = papers.exclude(office__in=joined_already).order_by("office", "pk").select_related("file")
    office = left.values_list("office", flat=True).first()
    if office is None:
        return None
    _join(job, office, list(left.filter(office=office)))
    return More(job.state, done=total, total=total)


def meant_for(papers):
    """Papers with ``office``: the one they are about, else the applicant, who receives the rest."""
    return papers.annotate(office=Coalesce("about", F("case__applicant")))


def read(bundle: Bundle) -> bytes:
    return vault.unseal_bytes(bundle.sealed, owner=bundle.digest, field="bundle")


def note_fetched(bundle: Bundle, *, by) -> None:
    """Have the trail say who took away a file of letters, each time."""
    record(by.user, "fetch_bundle", by=by, given={"count": bundle.papers, "digest": bundle.digest})


def _join(job, office: int, letters: list[Paper]) -> None:
    """Join one office's letters and enter each copy in the print register."""
    by, at = job.by, now()
    whole = joined(content(letter.file) for letter in letters)
    digest = hashlib.sha256(whole).hexdigest()
    sealed = base64.b64decode(job.given["reason"])
    reason = vault.unseal(sealed, owner=job.given["owner"], field=REASON)
    record(
        by.user, "print_papers", by=by, reason=reason, given={"count": len(letters), "digest": digest},
    )  # fmt: skip
    last = dict(
        Printing.objects.filter(paper__in=letters).order_by().values_list("paper").annotate(last=Max("copy"))
    )
    who = {"user": by.user, "organisation": by.organisation, "reason": reason, "at": at}
    Printing.objects.bulk_create(
        Printing(paper=letter, copy=last.get(letter.pk, 0) + 1, **who) for letter in letters
    )
    Bundle.objects.create(
        job=job.pk, about_id=office, papers=len(letters), pages=page_count(whole), digest=digest,
        sealed=vault.seal_bytes(whole, owner=digest, field="bundle"), **who,
    )  # fmt: skip
