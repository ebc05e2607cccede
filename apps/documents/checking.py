"""Whether a paper is genuine: asked by its code, with or without the file, and answered without personal data."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from apps.audit.models import Seal, SealedHead

from .models import Check, Paper

CODE = re.compile(r"[0-9A-F]{16}")
Answer = Check.Answer


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


def check(code: str, content: bytes | None = None) -> Checked:
    """Answer for a code, and for a file that is said to be the paper's; each question is recorded."""
    papers = Paper.objects.select_related(
        "issuer", "file", "voiding", "replaced_by__issuer", "replaces__issuer"
    )
    paper = papers.filter(code=code).first() if CODE.fullmatch(code) else None
    answer = _answer(paper, content)
    Check.objects.create(paper=paper, answer=answer, with_file=content is not None)
    return Checked(answer, paper, _seal(paper) if paper else None)


def _answer(paper: Paper | None, content: bytes | None) -> Check.Answer:
    if paper is None:
        return Answer.UNKNOWN
    if content is not None:
        known = paper.file.digest if hasattr(paper, "file") else ""
        if hashlib.sha256(content).hexdigest() != known:
            return Answer.DIFFERENT
    if hasattr(paper, "voiding"):
        return Answer.VOID
    return Answer.SUPERSEDED if hasattr(paper, "replaced_by") else Answer.GENUINE


def _seal(paper: Paper) -> Seal | None:
    """None while the paper is not drawn up, or its record not sealed yet."""
    if not hasattr(paper, "file"):
        return None
    heads = SealedHead.objects.filter(stream="case", stream_id=paper.case_id, seq__gte=paper.file.recorded_as)
    head = heads.select_related("seal").order_by("seq").first()
    return head.seal if head else None
