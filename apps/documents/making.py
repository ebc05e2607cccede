"""Drawing up a numbered paper: gather its facts, draw, sign, seal and record it; afterwards its bytes never change."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import translation

from apps.audit.streams import now, record
from apps.cases.models import Case
from apps.retirees import vault

from . import signing
from .envelope import envelope, event_of
from .kinds import KINDS
from .models import Paper, PaperFile
from .rendering import page_count, render

PARTS = (
    "issuer__superior",
    "about",
    "replaces__issuer",
    "case__applicant",
    "case__authority",
    "case__enterprise",
)


def waiting(papers):
    """Those of some papers that still have to be drawn up, in the order of their numbers."""
    return papers.filter(file=None).select_related(*PARTS).order_by("pk")


def facts_of(paper: Paper) -> dict[str, Any]:
    """Everything a paper prints, gathered from the trail and the frozen rows; texts and numbers only."""
    with translation.override("zh-hans"):
        event = event_of(paper)
        facts = envelope(paper, event) | KINDS[paper.kind].tells(paper, event)
    return json.loads(json.dumps(facts))


def make(paper: Paper) -> PaperFile:
    """Draw up one paper and record its digest in the stream of its case; in the caller's transaction."""
    facts = facts_of(paper)
    drawn = render(KINDS[paper.kind], facts)
    content = signing.sign(drawn, reason=facts["number"])
    digest = hashlib.sha256(content).hexdigest()
    event = record(
        Case(pk=paper.case_id),
        "draw_up",
        evidence=[{"kind": paper.kind, "digest": digest}],
        given={"paper": facts["number"]},
    )
    return PaperFile.objects.create(
        paper=paper,
        digest=digest,
        unsigned_digest=hashlib.sha256(drawn).hexdigest(),
        size=len(content),
        pages=page_count(drawn),
        sealed=vault.seal_bytes(content, owner=digest, field="paper"),
        facts_sealed=vault.seal(json.dumps(facts, ensure_ascii=False), owner=digest, field="facts"),
        recorded_as=event.seq,
        made_at=now(),
    )


def kept_facts(file: PaperFile) -> dict[str, Any]:
    """The facts a paper was made of: drawn again they give the same unsigned bytes."""
    return json.loads(vault.unseal(file.facts_sealed, owner=file.digest, field="facts"))


def content(file: PaperFile) -> bytes:
    return vault.unseal_bytes(file.sealed, owner=file.digest, field="paper")
