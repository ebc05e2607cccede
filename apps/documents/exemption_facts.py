"""What the papers of an exemption print, told by its events and by the sums its acts kept."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from apps.audit.models import Event
from apps.calendar.workdays import day_of
from apps.cases.models import Evidence
from apps.exemptions.models import ExemptionRequest, Opinion
from apps.exemptions.sums import outstanding
from apps.organisations.choices import EnterpriseStatus
from apps.organisations.models import Organisation

from .envelope import deadline
from .kinds import KINDS, Wanted
from .models import Paper
from .wording import capitals, chinese_date, yuan

OUTCOMES = {
    "uphold": "维持原决定",
    "change": "变更原决定，准予豁免",
    "change_in_part": "变更原决定，部分豁免",
    "redo": "责令重新核查并作出决定",
}
AGREES = {"yes": "同意豁免", "no": "不同意豁免"}
BY_RULING = ("BANKRUPT", "CLOSED")


# --- which papers an act asks for, with what only it knows ---


def with_sums(deed) -> Iterable[Wanted]:
    """One for each case, with the fee as it stands and the offices it goes through."""
    return [Wanted(case, facts=facts) for case, facts in _sums(deed.cases).items()]


def by_opinion(deed) -> Iterable[Wanted]:
    """One for each opinion given."""
    sums = _sums(deed.cases)
    given = deed.rows.order_by("pk").values_list("pk", "case")
    return [Wanted(case, facts=sums[case] | {"opinion": opinion}) for opinion, case in given]


def _sums(cases: Iterable[int]) -> dict[int, dict]:
    columns = {
        "reference": "assessment__reference",
        "batch": "assessment__case__number",
        "heads": "assessment__heads",
        "amount": "assessment__amount_fen",
        "owed": "owed",
        "granted": "granted_fen",
        "round": "round",
        "status": "case__enterprise__enterprise__status",
        "government": "government",
        "reviewer": "reviewer",
    }
    found = ExemptionRequest.objects.filter(case__in=cases).annotate(owed=outstanding("assessment"))
    return {
        case: dict(zip(columns, values, strict=True))
        for case, *values in found.order_by("case").values_list("case", *columns.values())
    }


# --- what they print ---


def application(paper: Paper, event: Event) -> dict[str, Any]:
    """What the applicant declares, and the papers that came with it."""
    company = paper.case.enterprise.enterprise
    papers = Evidence.objects.filter(case=paper.case, attached_at__lte=event.recorded_at).order_by("pk")
    return _matter(paper) | _declared(event) | {
        "codes": company.uscc or company.org_code,
        "affiliation": str(company.get_affiliation_display()),
        "exited_on": chinese_date(company.exited_on),
        "papers": list(dict.fromkeys(str(KINDS[one].title) for one in papers.values_list("kind", flat=True))),
    }  # fmt: skip


def accepted(paper: Paper, event: Event) -> dict[str, Any]:
    submitted = _before(event, "submit", "resubmit")
    return _matter(paper) | {
        "filed_on": chinese_date(day_of(submitted.recorded_at)) if submitted else "",
        "due": deadline(event),
    }


def report(paper: Paper, event: Event) -> dict[str, Any]:
    return _matter(paper) | _found(event) | {"declared": _declared(event)["assets"]}


def publicity(paper: Paper, event: Event) -> dict[str, Any]:
    """Nothing anybody typed freely: a name may stand in it."""
    return _matter(paper) | {
        "assets": _found(_before(event, "report"))["assets"],
        "until": deadline(event),
    }


def opinion(paper: Paper, event: Event) -> dict[str, Any]:
    return _matter(paper) | _opined(event) | {
        "asked_as": str(Opinion.objects.get(pk=paper.facts["opinion"]).get_asked_as_display())
    }  # fmt: skip


def submission(paper: Paper, event: Event) -> dict[str, Any]:
    """The request to the government, with both opinions whatever they say."""
    return _matter(paper) | _found(_before(event, "report")) | _opined(event) | {
        "opinions": [
            [one["asked_as"], one["agrees"], one["words"], one["effect"]] for one in _opinions(paper, event)
        ],
    }  # fmt: skip


def granted(paper: Paper, event: Event) -> dict[str, Any]:
    """What is let off, in figures and in capitals, and what is left to pay."""
    fen, owed = event.given.get("amount", paper.facts["owed"]), paper.facts["owed"]
    return _matter(paper) | _decided(paper, event) | {
        "granted": yuan(fen),
        "granted_capitals": capitals(fen),
        "rest": yuan(owed - fen) if owed > fen else "",
        "grounds": _sentence(event.given["grounds"]),
        "by_ruling": paper.facts["status"] in BY_RULING,
    }  # fmt: skip


def refused(paper: Paper, event: Event) -> dict[str, Any]:
    return _matter(paper) | _decided(paper, event)


def revoked(paper: Paper, event: Event) -> dict[str, Any]:
    fen = paper.facts["granted"]
    return _matter(paper) | _decided(paper, event) | {
        "granted": yuan(fen),
        "granted_capitals": capitals(fen),
        "heard_on": _date(event.given["heard_on"]),
    }  # fmt: skip


def reconsidered(paper: Paper, event: Event) -> dict[str, Any]:
    """What was asked to be reconsidered, and what comes of it."""
    appeal = _before(event, "appeal")
    decision = _before(event, "approve", "part_approve", "reject", "refuse", "revoke")
    fen = event.given.get("amount", paper.facts["owed"]) if event.move.startswith("change") else 0
    return _matter(paper) | _decided(paper, event) | {
        "outcome": OUTCOMES[event.move],
        "appealed_on": chinese_date(day_of(appeal.recorded_at)),
        "asked": appeal.given["grounds"],
        "original": decision.given.get("decision_number", "") if decision else "",
        "decider": decision.actor.get("organisation", "") if decision else "",
        "grounds": _sentence(event.given.get("grounds", "")),
        "granted": yuan(fen) if fen else "",
        "granted_capitals": capitals(fen) if fen else "",
        "final": event.move == "uphold",
    }  # fmt: skip


def sheet(paper: Paper, event: Event) -> dict[str, Any]:
    """The four opinions: labour, finance, owner, and what the government decides."""
    sent = _before(event, "send_up")
    labour = _opined(sent) | {"asked_as": "劳动保障部门", "effect": ""}
    others = _opinions(paper, event)
    fen = event.given.get("amount", paper.facts["owed"])
    decision = {
        "approve": f"准予豁免 {yuan(fen)} 元（{capitals(fen)}）",
        "part_approve": f"豁免 {yuan(fen)} 元（{capitals(fen)}），其余缴交",
        "reject": "不予豁免",
    }[event.move]
    government = {
        "asked_as": "人民政府", "agrees": decision, "words": event.given.get("grounds") or "详见决定书", "effect": "",
    } | _signed(event)  # fmt: skip
    rows = [labour, *others, government]
    columns = ("asked_as", "body", "agrees", "words", "effect", "person", "day")
    return _matter(paper) | _found(_before(event, "report")) | {
        "declared": _declared(event)["assets"],
        "difficulty_claimed": _declared(event)["difficulty"],
        "rows": [[row[column] or "—" for column in columns] for row in rows],
    }  # fmt: skip


# --- the parts they are made of ---


def _matter(paper: Paper) -> dict[str, Any]:
    """The fee a case is about."""
    facts = paper.facts
    bodies = Organisation.objects.in_bulk([pk for pk in (facts["government"], facts["reviewer"]) if pk])
    return {
        "reference": facts["reference"],
        "batch": facts["batch"],
        "heads": facts["heads"],
        "amount": yuan(facts["amount"]),
        "owed": yuan(facts["owed"]),
        "capitals": capitals(facts["owed"]),
        "status": str(EnterpriseStatus(facts["status"]).label),
        "government": bodies[facts["government"]].name if facts["government"] else "",
        "reviewer": bodies[facts["reviewer"]].name if facts["reviewer"] else "",
    }


def _decided(paper: Paper, event: Event) -> dict[str, str]:
    """The decision's number, and until when it may be appealed."""
    return {"decision": event.given["decision_number"], "due": deadline(event)}


def _declared(event: Event) -> dict[str, str]:
    given = _before(event, "declare").given
    return {
        "circumstances": given["circumstances"],
        "assets": yuan(given["assets"]),
        "difficulty": given["difficulty"],
        "standing_in": given["standing_in"],
    }


def _found(event: Event) -> dict[str, str]:
    given = event.given
    return {
        "investigators": [event.actor["person"], given["second"]],
        "visited_on": _date(given["visited_on"]),
        "assets": yuan(given["assets"]),
        "difficulty": "属实" if given["difficulty"] == "yes" else "不属实",
        "findings": given["findings"],
    }


def _opinions(paper: Paper, event: Event) -> list[dict[str, str]]:
    """The opinions of the round that an act saw."""
    asked = Opinion.objects.filter(case=paper.case, round=paper.facts["round"]).order_by("asked_as")
    given = _until(event).filter(machine="exemptionopinion", items__row_id__in=asked.values("pk"))
    given = given.filter(move__in=["finance_opines", "owner_opines"])
    by_row = {row: one for one in given for row in one.items.values_list("row_id", flat=True)}
    return [
        _opined(by_row[one.pk]) | {"asked_as": str(one.get_asked_as_display())}
        for one in asked
        if one.pk in by_row
    ]


def _opined(event: Event) -> dict[str, str]:
    given = event.given
    return {
        "agrees": AGREES[given["agrees"]],
        "words": _sentence(given["words"]),
        "effect": given.get("effect", ""),
    } | _signed(event)


def _signed(event: Event) -> dict[str, str]:
    return {
        "body": event.actor["organisation"],
        "person": event.actor["person"],
        "day": chinese_date(day_of(event.recorded_at)),
    }


def _until(event: Event):
    return Event.objects.filter(
        stream=event.stream, stream_id=event.stream_id, recorded_at__lte=event.recorded_at
    ).order_by("seq")


def _before(event: Event, *moves: str) -> Event | None:
    """The last event of one of these moves, up to this one."""
    return _until(event).filter(move__in=moves).last()


def _sentence(words: str) -> str:
    """What somebody typed, as a sentence that others may follow."""
    return words if not words or words.endswith(("。", "；", "！")) else f"{words}。"


def _date(written: str) -> str:
    return chinese_date(date.fromisoformat(written))
