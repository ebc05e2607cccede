"""What every paper says beside its own matter: issuer, number, day, code, whose hands it went through, the remedy."""

from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.db.models import Min
from django.urls import reverse

from apps.audit.models import Event
from apps.calendar.workdays import calendar, day_of
from apps.engine import registry
from apps.organisations.choices import OrgKind

from .kinds import KINDS, PaperKind
from .models import Paper
from .wording import chinese_date

COMPANIES = (OrgKind.ENTERPRISE, OrgKind.LIQUIDATOR, OrgKind.OWNER_UNIT)  # their letters have no red head
HEADS = {"prepared": "经办", "reviewed": "审核", "approved": "签发"}


def event_of(paper: Paper) -> Event:
    """The event of the act that issued a paper: of its case, or of what stands beside it."""
    of_act = Event.objects.filter(act=paper.act)
    for found in (of_act.filter(stream="case", stream_id=paper.case_id), of_act.exclude(stream="case")):
        for event in found:
            move = registry.machine(event.machine).moves.get(event.move) if event.machine else None
            if move and KINDS[paper.kind] in move.gives:
                return event
    raise LookupError(f"no event gave paper {paper.pk}")


def decided_at(paper: Paper) -> datetime:
    """The moment of the act behind a paper, corrected or not: what the act wrote down bears the same."""
    alike = Paper.objects.filter(act=paper.act, case=paper.case_id, kind=paper.kind)
    return alike.aggregate(first=Min("issued_at"))["first"]


def envelope(paper: Paper, event: Event) -> dict[str, Any]:
    """Return what the layouts print around a paper's matter: texts and numbers only."""
    kind, case, issuer = KINDS[paper.kind], paper.case, paper.issuer
    return {
        "issuer": issuer.name,
        "official": issuer.kind not in COMPANIES,
        "head_size": min(34, round(400 / len(issuer.name), 1)),
        "number": paper.label,
        "title": str(kind.title),
        "date": chinese_date(day_of(paper.issued_at)),
        "case": case.number,
        "process": str(registry.machine(case.process)._meta.verbose_name),
        "enterprise": case.enterprise.name if case.enterprise else case.applicant.name,
        "applicant": case.applicant.name,
        "authority": case.authority.name,
        "about": paper.about.name if paper.about else "",
        "basis": event.basis,
        "reason": _reason(event),
        "hands": _hands(paper, kind, event),
        "remedy": _remedy(paper, kind),
        "replaces": paper.replaces.label if paper.replaces else "",
        "code": " ".join(paper.code[place : place + 4] for place in range(0, 16, 4)),
        "address": address(paper),
    }


def address(paper: Paper) -> str:
    """Where the public may check a paper."""
    return settings.SITE_URL + reverse("verify", args=[paper.code])


def deadline(event: Event) -> str:
    """The last day of the stage an event opened, by the rule row it was opened under."""
    if not event.rules:
        return ""
    at = event.recorded_at
    return chinese_date(day_of(calendar(day_of(at)).due(at, event.rules[0]["value"])))


def square(text: str) -> str:
    """A QR code as a picture that travels in the page itself."""
    return segno.make(text, error="m").svg_data_uri(border=0)


def _reason(event: Event) -> str:
    """Why it was decided: the reason chosen from the policy's list, then the words added to it."""
    choices = getattr(registry.machine(event.machine).moves[event.move].reason, "choices", {})
    return "：".join(str(part) for part in (choices.get(event.reason_code, ""), event.reason) if part)


def _hands(paper: Paper, kind: type[PaperKind], event: Event) -> list[tuple[str, str]]:
    """Who prepared, reviewed and approved: whoever made the moves the kind names, last before it was issued."""
    moves = Event.objects.filter(
        stream="case", stream_id=paper.case_id, move__in=kind.hands.values(), recorded_at__lte=paper.issued_at
    )
    made = {one.move: one.actor.get("person", "") for one in moves.order_by("seq")}
    found = [(HEADS[part], made[move]) for part, move in kind.hands.items() if made.get(move)]
    return found or [("经办", event.actor.get("person") or "系统")]


def _remedy(paper: Paper, kind: type[PaperKind]) -> str:
    """The line for whoever is burdened. Periods are not named: none is verified for these matters."""
    superior = paper.issuer.superior
    above = superior.name if superior else "退管工作领导小组办公室"
    if kind.remedy == "review":
        return (
            f"如对本{_word(kind)}有异议，可向{above}书面申请复核，也可依照国家有关行政复议、行政诉讼的规定寻求救济；"
            "申请的期限以受理机关告知的为准。"
        )
    if kind.remedy == "ruling":
        return f"如对本裁定有异议，可书面提请{above}协调处理；协调期间不停止执行。"
    return ""


def _word(kind: type[PaperKind]) -> str:
    return "决定" if "决定" in str(kind.title) or "不予" in str(kind.title) else "通知"
