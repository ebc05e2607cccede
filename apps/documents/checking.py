"""Whether a paper is genuine: asked by its code, with or without the file, and answered without personal data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from apps.audit.models import Event, Seal, SealedHead

from .models import Check, Paper

CODE = re.compile(r"[0-9A-F]{16}")
Answer = Check.Answer
TAKEN_BACK = ("void_paper", "reissue_paper")


@dataclass(frozen=True)
class Checked:
    """The answer, the paper it is about, and the first seal that covers the record of its digest."""

    answer: Check.Answer
    paper: Paper | None = None
    seal: Seal | None = None

    @property
    def good(self) -> bool:
        return self.answer == Answer.GENUINE


def normalised(code: str) -> str:
    """A code as it is stored: what somebody types may have blanks, hyphens and small letters."""
    return re.sub(r"[\s-]", "", code).upper()


def check(code: str, digest: str = "") -> Checked:
    """Answer for a code, and for the digest of a file said to be the paper's; each question is recorded."""
    papers = Paper.objects.select_related(
        "issuer", "file", "voiding", "replaced_by__issuer", "replaces__issuer"
    )
    paper = papers.filter(code=code).first() if CODE.fullmatch(code) else None
    answer = _answer(paper, digest)
    Check.objects.create(paper=paper, answer=answer, with_file=bool(digest))
    return Checked(answer, paper, _seal(paper) if paper and answer != Answer.UNPROVED else None)


def _answer(paper: Paper | None, digest: str) -> Check.Answer:
    if paper is None:
        return Answer.UNKNOWN
    if digest and digest != (paper.file.digest if hasattr(paper, "file") else ""):
        return Answer.DIFFERENT
    if hasattr(paper, "voiding"):
        return Answer.VOID
    if hasattr(paper, "replaced_by"):
        return Answer.SUPERSEDED
    return Answer.GENUINE if _stands_in_trail(paper) else Answer.UNPROVED


def _stands_in_trail(paper: Paper) -> bool:
    """Whether the trail says that this very paper was drawn up, and not that it was taken back.

    The register alone could be changed by the database's owner; what the trail says is proved by the seals.
    """
    if not hasattr(paper, "file"):
        return False  # nobody can hold it yet
    of_it = Event.objects.filter(
        stream="case",
        stream_id=paper.case_id,
        move__in=("draw_up", *TAKEN_BACK),
        evidence__0__kind=paper.kind,
        given__paper__endswith=paper.numbered,  # the office may be called otherwise today
    )
    said = list(of_it.values_list("move", "seq", "evidence__0__digest"))
    drawn = ("draw_up", paper.file.recorded_as, paper.file.digest)
    return drawn in said and not any(move in TAKEN_BACK for move, *_facts in said)


def _seal(paper: Paper) -> Seal | None:
    """None while the paper is not drawn up, or its record not sealed yet."""
    if not hasattr(paper, "file"):
        return None
    heads = SealedHead.objects.filter(stream="case", stream_id=paper.case_id, seq__gte=paper.file.recorded_as)
    head = heads.select_related("seal").order_by("seq").first()
    return head.seal if head else None
