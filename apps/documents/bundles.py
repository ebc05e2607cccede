"""Bulk printing: the letters of one print joined to one file an office, resumable between any two parts."""

import base64
import hashlib
from uuid import uuid4

from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce

from apps.audit.streams import now, record
from apps.jobs.queue import enqueue
from apps.jobs.work import More
from apps.retirees import vault

from .making import content, make, waiting
from .models import Bundle, Paper, PaperFile, Printing
from .rendering import joined

BUNDLE, REASON = "papers.bundle", "print reason"
CHUNK = 20  # letters drawn up in one transaction
FILE = 300  # letters joined at once, in memory and in one transaction: an office that gets more gets volumes


def print_all(papers, *, by, reason: str):
    """Have so many papers printed as one job and return it; each office's letters become one file."""
    chosen = sorted(papers.values_list("pk", flat=True))
    # What somebody wrote may name a person.
    owner = str(uuid4())
    sealed = base64.b64encode(vault.seal(reason[:200], owner=owner, field=REASON)).decode()
    given = {"papers": chosen, "owner": owner, "reason": sealed}
    return enqueue(BUNDLE, given=given, by=by, total=len(chosen))


def join_next(job) -> More | None:
    """Do the next part of a bulk print: draw up some letters, or else join the next file of one office's.

    Letters that were declared void meanwhile are left out.
    """
    papers = meant_for(Paper.objects.filter(pk__in=job.given["papers"], voiding=None))
    total = len(job.given["papers"])
    if some := list(waiting(papers)[:CHUNK]):
        for paper in some:
            make(paper)
        return More(job.state, done=total - papers.filter(file=None).count(), total=total)
    office, paper = job.state.get("after", (0, 0))
    left = papers.filter(Q(office=office, pk__gt=paper) | Q(office__gt=office)).order_by("office", "pk")
    if not (first := left.first()):
        return None
    letters = list(left.filter(office=first.office)[:FILE])
    _join(job, first.office, letters)
    return More({"after": [first.office, letters[-1].pk]}, done=total, total=total)


def meant_for(papers):
    """Papers with ``office``: the one they are about, else the applicant, who receives the rest."""
    return papers.annotate(office=Coalesce("about", F("case__applicant")))


def read(bundle: Bundle) -> bytes:
    return vault.unseal_bytes(bundle.sealed, owner=bundle.digest, field="bundle")


def note_fetched(bundle: Bundle, *, by) -> None:
    """Have the trail say who took away a file of letters, each time."""
    record(by.user, "fetch_bundle", by=by, given={"count": bundle.papers, "digest": bundle.digest})


def _join(job, office: int, letters: list[Paper]) -> None:
    """Join some letters of one office and enter each copy in the print register."""
    by, at = job.by, now()
    files = PaperFile.objects.filter(paper__in=letters).order_by("paper")
    whole = joined(content(file) for file in files.iterator(chunk_size=CHUNK))
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
        job=job.pk, about_id=office, volume=Bundle.objects.filter(job=job.pk, about=office).count() + 1,
        papers=len(letters), pages=files.aggregate(pages=Sum("pages"))["pages"], digest=digest,
        sealed=vault.seal_bytes(whole, owner=digest, field="bundle"), **who,
    )  # fmt: skip
