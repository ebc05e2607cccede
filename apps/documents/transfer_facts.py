"""What the papers of a batch print, told by its events and frozen lists: as it stood in the act, whenever asked."""

from collections import Counter
from datetime import date
from typing import Any

from apps.audit.models import Event, EventItem
from apps.calendar.workdays import day_of
from apps.cases.models import CaseItem, Evidence
from apps.engine import registry
from apps.fees.models import FeeAssessment
from apps.organisations.models import Enterprise, Organisation
from apps.transfers import registers
from apps.transfers.models import (
    Difference,
    FrozenLine,
    FrozenList,
    Match,
    Obligation,
    RosterRow,
    RosterVersion,
)

from .envelope import deadline, decided_at
from .kinds import KINDS
from .models import Paper
from .wording import capitals, chinese_date, yuan

GROUPS = {
    "received": ("received", "enrolled", "settled"),
    "returned": ("returned",),
    "deferred": ("deferred",),
    "removed": ("removed",),
    "ended": ("ended_death",),
}


def application(paper: Paper, event: Event) -> dict[str, Any]:
    """The roster as it was filed: heads, streets, party members, files; and the enterprise that files it."""
    version = RosterVersion.objects.filter(case=paper.case, uploaded_at__lte=event.recorded_at).latest(
        "number"
    )
    rows = RosterRow.objects.filter(version=version, blocking=False, left_out=False).select_related("street")
    facts = [registers.facts_of(row) for row in rows]
    company = paper.case.enterprise.enterprise
    return {
        "heads": len(facts),
        "streets": _tally(row.street.name for row in rows if row.street),
        "party": sum(one.get("party_member") in ("正式", "预备") for one in facts),
        "files": sum(bool((one.get("file") or {}).get("number")) for one in facts),
        "codes": company.uscc or company.org_code,
        "affiliation": str(company.get_affiliation_display()),
        "status": str(company.get_status_display()),
        "liaison": _liaison(company),
    }


def filed(paper: Paper, event: Event) -> dict[str, Any]:
    """What a letter about the application says: when it was filed, and until when the answer is due."""
    submitted = _until(event).filter(move__in=["submit", "resubmit"]).last()
    return {
        "filed_on": _day(submitted.recorded_at) if submitted else "",
        "heads": _moved(event).filter(event__move="enter").count(),
        "due": deadline(event),
    }


def roster(paper: Paper, event: Event) -> dict[str, Any]:
    """The frozen list line by line, with how many each street receives."""
    frozen = FrozenList.objects.get(case=paper.case, fixed_at=decided_at(paper))
    lines = frozen.lines.select_related("item__retiree__identity", "item__station", "street")
    streets: Counter = Counter()
    rows = []
    for line in lines.order_by("street__key", "item").iterator(chunk_size=2000):
        streets[line.street.name] += 1
        rows.append([len(rows) + 1, *_listed(line)])
    return {
        "version": frozen.number,
        "digest": frozen.digest,
        "streets": [list(heads) for heads in streets.items()],
        "rows": rows,
    }


def differences(paper: Paper, event: Event) -> dict[str, Any]:
    """Where roster and social-insurance register differ in one answer of the agency."""
    match = Match.objects.get(case=paper.case, answered_at=decided_at(paper))
    found = (
        Difference.objects.filter(match=match)
        .select_related("item__retiree__identity")
        .order_by("item", "pk")
    )
    return {
        "rows": [
            [
                place,
                *_named(one.item),
                one.field,
                one.ours or "—",
                one.theirs or "—",
                "由企业更正，或由受理机构查明",
            ]
            for place, one in enumerate(found, start=1)
        ]
    }


def opinion(paper: Paper, event: Event) -> dict[str, Any]:
    """What one street said of everybody it was asked about: confirmed, or disputed and why."""
    lines = FrozenLine.objects.filter(
        frozen_list__case=paper.case, frozen_list__fixed_at=decided_at(paper), street=paper.about
    )
    confirmed = set(lines.values_list("item", flat=True))
    disputes = _disputes(paper, event)
    items = (
        CaseItem.objects.filter(pk__in=confirmed | set(disputes))
        .select_related("retiree__identity", "station")
        .order_by("pk")
    )
    rows = [
        [place, *_named(item), str(item.get_placement_display()),
         *(["查有此人", item.station.name if item.station else "—"] if item.pk in confirmed else ["未予确认", "—"]),
         disputes.get(item.pk, "无")]
        for place, item in enumerate(items, start=1)
    ]  # fmt: skip
    return {"rows": rows, "confirmed": len(confirmed), "disputed": len(disputes)}


def ruling(paper: Paper, event: Event) -> dict[str, Any]:
    """Whom a dispute was about, who raised it and why, and which street receives them now."""
    chosen = (event.given.get("street") or {}).get("id")
    items = (
        CaseItem.objects.filter(pk__in=paper.facts["items"])
        .select_related("retiree__identity")
        .order_by("pk")
    )
    disputes = _disputes(paper, event)
    return {
        "people": [[*_named(item), disputes.get(item.pk, "逾期未核实")] for item in items],
        "street": event.given["street"]["name"] if chosen else paper.about.name,
        "kept": not chosen or chosen == paper.about_id,
    }


def replacement(paper: Paper, event: Event) -> dict[str, Any]:
    """Who is to be looked after elsewhere than was first asked, from which street to which, from when on."""
    items = CaseItem.objects.filter(pk__in=paper.facts["items"]).select_related(
        "retiree__identity", "residence", "hukou"
    )
    streets = Organisation.objects.in_bulk([paper.facts["left"], paper.facts["chosen"]])
    return {
        "people": [
            [
                item.retiree.name,
                item.retiree.identity.on_paper,
                item.residence.name if item.residence else "",
                item.hukou.name if item.hukou else "",
            ]
            for item in items.order_by("pk")
        ],
        "left": streets[paper.facts["left"]].name,
        "chosen": streets[paper.facts["chosen"]].name,
        "since": chinese_date(day_of(event.recorded_at)),
    }


def agreement(paper: Paper, event: Event) -> dict[str, Any]:
    """The list in force, the fee assessed for it, what is still owed, and who signed when."""
    frozen = FrozenList.objects.filter(case=paper.case, fixed_at__lte=event.recorded_at).latest("number")
    fee = (
        FeeAssessment.objects.filter(case=paper.case, assessed_at=frozen.fixed_at)
        .select_related("standard")
        .get()
    )
    signed = _until(event).filter(machine="agreementsignature", move="sign", recorded_at__gte=frozen.fixed_at)
    listed = frozen.lines.values("item")
    return {
        "version": frozen.number,
        "digest": frozen.digest,
        "heads": frozen.heads,
        "streets": _tally(frozen.lines.order_by("street__key").values_list("street__name", flat=True)),
        "fee_heads": fee.heads,
        "standard": yuan(fee.standard.value),
        "amount": yuan(fee.amount_fen),
        "capitals": capitals(fee.amount_fen),
        "obligations": _tally(
            str(one.get_kind_display()) for one in Obligation.objects.filter(item__in=listed)
        ),
        "signatures": [
            [one.actor["organisation"], one.actor["person"], _day(one.recorded_at)] for one in signed
        ],
    }


def obligations(paper: Paper, event: Event) -> dict[str, Any]:
    """What the enterprise goes on owing each of its people after the transfer."""
    owed = (
        Obligation.objects.filter(case=paper.case)
        .select_related("item__retiree__identity")
        .order_by("item", "pk")
    )
    company = paper.case.enterprise.enterprise
    return {
        "liaison": _liaison(company),
        "rows": [
            [place, *_named(one.item), str(one.get_kind_display()), one.detail or "—"]
            for place, one in enumerate(owed, start=1)
        ],
    }


def appointment(paper: Paper, event: Event) -> dict[str, Any]:
    """When and where one street meets the enterprise, who signs, and how many people it receives."""
    given = event.given
    return {
        "held_on": chinese_date(date.fromisoformat(given["held_on"])),
        "place": given["place"],
        "signers": [given["handed_by"], given["received_by"], given["witnessed_by"]],
        "heads": paper.facts["heads"],
    }


def record(paper: Paper, event: Event) -> dict[str, Any]:
    """How many were listed, received, returned, deferred, taken out: for the batch and for each street."""
    stages = _stages(event)
    streets = dict(CaseItem.objects.filter(pk__in=stages).values_list("pk", "organisation__name"))
    by_street: dict[str, Counter] = {}
    for item, stage in stages.items():
        by_street.setdefault(streets[item] or "未分派", Counter())[stage] += 1
    held = paper.case.appointment
    return {
        "held_on": chinese_date(held.held_on),
        "place": held.place,
        "signers": [held.handed_by, held.received_by, held.witnessed_by],
        "total": _counts(Counter(stages.values())),
        "streets": [[name, *_counts(found)] for name, found in sorted(by_street.items())],
    }


def index(paper: Paper, event: Event) -> dict[str, Any]:
    """Every paper of the case up to its end, issued and taken, in order; and how its people ended."""
    until = {"case": paper.case}
    issued = [
        (one.issued_at, str(KINDS[one.kind].title), one.label, one.issuer.name)
        for one in Paper.objects.filter(**until, pk__lt=paper.pk).select_related("issuer")
    ]
    taken = [
        (one.attached_at, str(KINDS[one.kind].title), f"摘要 {one.digest[:16]}", one.organisation.name)
        for one in Evidence.objects.filter(**until, attached_at__lte=event.recorded_at).select_related(
            "organisation"
        )
    ]
    return {
        "opened_on": chinese_date(paper.case.opened_on),
        "closed_on": _day(event.recorded_at),
        "total": _counts(Counter(_stages(event).values())),
        "rows": [
            [place, title, number, office, _day(at)]
            for place, (at, title, number, office) in enumerate(sorted(issued + taken), start=1)
        ],
    }


def _until(event: Event):
    """What was recorded of the case up to an event, in order."""
    return Event.objects.filter(
        stream=event.stream, stream_id=event.stream_id, recorded_at__lte=event.recorded_at
    ).order_by("seq")


def _moved(event: Event):
    """What moved the people of the case up to an event."""
    return EventItem.objects.filter(event__in=_until(event).filter(machine="transferitem"))


def _stages(event: Event) -> dict[int, str]:
    """Where each person of the case stood when an event was recorded, as the events before it add up."""
    moved = _moved(event).exclude(event__target="")
    return dict(moved.order_by("event__seq").values_list("row_id", "event__target"))


def _disputes(paper: Paper, event: Event) -> dict[int, str]:
    """{person: why} of those one street disputed before this."""
    choices = registry.machine("transferitem").moves["dispute"].reason.choices
    said = _moved(event).filter(event__move="dispute", event__organisation_id=paper.about_id)
    return {
        item: "：".join(filter(None, (str(choices.get(code, "")), reason)))
        for item, code, reason in said.values_list("row_id", "event__reason_code", "event__reason")
    }


def _listed(line: FrozenLine) -> list[str]:
    item, retiree, identity = line.item, line.item.retiree, line.item.retiree.identity
    return [
        retiree.name, str(identity.get_sex_display()), identity.on_paper, identity.birth_date.isoformat(),
        retiree.facts.get("retire_date", ""), line.street.name.removesuffix("劳动保障事务所"),
        item.station.community if item.station else "", str(item.get_placement_display()),
    ]  # fmt: skip


def _named(item: CaseItem) -> list[str]:
    return [item.retiree.name, item.retiree.identity.on_paper]


def _liaison(company: Enterprise) -> str:
    return f"{company.liaison_name} {company.liaison_phone}".strip()


def _counts(stages: Counter) -> list[int]:
    """Listed, then those it is the sum of (INV-09), then who is still open."""
    ended = [sum(stages[name] for name in names) for names in GROUPS.values()]
    return [stages.total(), *ended, stages.total() - sum(ended)]


def _tally(names) -> list[list]:
    return [[name, heads] for name, heads in Counter(names).items()]


def _day(at) -> str:
    return chinese_date(day_of(at))
