"""What a batch writes into the registers: people, obligations, the match, the frozen list, its signers."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from apps.cases.models import Case, CaseItem
from apps.retirees import vault
from apps.retirees.people import Newcomer, enlist

from .models import Difference, FrozenLine, FrozenList, Match, Obligation, RosterRow

# What a roster row tells of a person beyond name and number, and what is not sensitive.
KEPT_FACTS = (
    "retire_date",
    "retire_kind",
    "pension_insured",
    "medical_insured",
    "res_class",
    "housing",
    "care_category",
)


@dataclass(frozen=True)
class Person:
    """One row of a filed roster: the fields of the item and of the file, and what is owed."""

    item: dict[str, Any]
    file: dict[str, Any]
    facts: dict[str, str]


def facts_of(row: RosterRow) -> dict[str, str]:
    """Open one roster row: {column: value as normalised}."""
    return json.loads(vault.unseal(row.sealed, owner=f"{row.version_id}/{row.row_no}", field="row"))


def seal_facts(version: int, row_no: int, facts: dict[str, str]) -> bytes:
    return vault.seal(json.dumps(facts, ensure_ascii=False), owner=f"{version}/{row_no}", field="row")


def register_people(case: Case) -> list[Person]:
    """Make, or find again, the retiree behind each row of the roster in force; four statements for any size."""
    rows = list(RosterRow.objects.filed(case))
    facts = {row.pk: facts_of(row) for row in rows}
    retirees = enlist((_newcomer(row, facts[row.pk]) for row in rows), enterprise_id=case.enterprise_id)
    earlier = dict(
        CaseItem.objects.filter(retiree__in=retirees.values(), open=False)
        .order_by("pk")
        .values_list("retiree", "pk")
    )
    return [_person(row, facts[row.pk], retirees[row.identity_id], earlier) for row in rows]


def _newcomer(row: RosterRow, facts: dict) -> Newcomer:
    return Newcomer(
        identity_id=row.identity_id,
        name=row.name,
        phone=facts.get("phone", ""),
        si_agency=facts.get("paying_agency", ""),
        party_member=facts.get("party_member", ""),
        facts={name: facts[name] for name in KEPT_FACTS if facts.get(name)},
    )


def _person(row: RosterRow, facts: dict, retiree: int, earlier: dict[int, int]) -> Person:
    file = facts.get("file") or {}
    return Person(
        item={
            "retiree_id": retiree,
            "organisation_id": row.street_id,
            "station_id": row.station_id,
            "placement": row.placement,
            "residence_id": row.residence_id,
            "hukou_id": row.hukou_id,
            "previous_id": earlier.get(retiree),
            "note": row.remark,
        },
        file={
            "file_no": file.get("number", ""),
            "volumes": _count(file.get("volumes")),
            "pages": _count(file.get("pages")),
            "gap": facts.get("file_gap", ""),
        },
        facts=facts,
    )


def open_elsewhere(retirees: Iterable[int]) -> dict[int, str]:
    """Return {retiree: why not, in the records' Chinese} for those in an open item of another batch."""
    found = CaseItem.objects.filter(retiree__in=list(retirees), open=True)
    return {
        retiree: f"已列入未办结的批次{number}"
        for retiree, number in found.values_list("retiree_id", "case__number")
    }


def _count(text: str | int | None) -> int:
    """A number of volumes or pages; what cannot be read counts as none announced."""
    return int(text) if str(text or "").strip().isdigit() else 0


def update_places(case: Case, people: Sequence[Person]) -> None:
    """Let people already listed take the streets and remarks of the corrected roster."""
    items = {
        item.retiree_id: item for item in CaseItem.objects.filter(case=case, stage__in=["valid", "invalid"])
    }
    places = ("organisation_id", "station_id", "placement", "residence_id", "hukou_id", "note")
    changed = [person for person in people if person.item["retiree_id"] in items]
    for person in changed:
        for name in places:
            setattr(items[person.item["retiree_id"]], name, person.item[name])
    CaseItem.objects.bulk_update(
        [items[person.item["retiree_id"]] for person in changed],
        [name.removesuffix("_id") for name in places], batch_size=2000,
    )  # fmt: skip


def list_obligations(case: Case, items: Sequence[CaseItem], people: Sequence[Person]) -> None:
    """Open the list of what the enterprise goes on owing: pensions outside the pool, housing, the uninsured."""
    owed = []
    for item, person in zip(items, people, strict=True):
        for kind, detail in _owed(person.facts):
            owed.append(Obligation(case=case, item=item, kind=kind, detail=detail[:200]))
    Obligation.objects.bulk_create(owed, batch_size=5000)


def _owed(facts: dict) -> Iterable[tuple[str, str]]:
    owed = facts.get("out_of_pool")
    if isinstance(owed, list):
        yield Obligation.Kind.OUT_OF_POOL, "；".join(f"{one['name']} {one['fen'] / 100:.2f}" for one in owed)
    if facts.get("housing") == "未房改":
        yield Obligation.Kind.HOUSING, ""
    if facts.get("pension_insured") == "否":
        yield Obligation.Kind.UNINSURED_PENSION, facts.get("orig_payer", "")
    if facts.get("medical_insured") == "否":
        yield Obligation.Kind.UNINSURED_MEDICAL, ""


def record_match(case: Case, *, name: str, content: bytes, differences: dict[int, list], at) -> Match:
    """Keep an answer sheet of the agency sealed, and each difference with its person.

    ``differences`` is {item: [(field, ours, theirs)]}; a person's faults are rewritten by each answer.
    """
    digest = hashlib.sha256(content).hexdigest()
    match = Match.objects.create(
        case=case,
        file_name=name[:200],
        digest=digest,
        sealed=vault.seal_bytes(content, owner=digest, field="match"),
        answered_at=at,
    )
    Difference.objects.bulk_create(
        (
            Difference(match=match, item_id=item, field=field, ours=ours[:120], theirs=theirs[:120])
            for item, fields in differences.items()
            for field, ours, theirs in fields
        ),
        batch_size=5000,
    )
    # Whoever agrees in this answer has nothing left to explain, whatever an earlier one said.
    asked = CaseItem.objects.filter(case=case, stage__in=["valid", "mismatch"])
    asked.exclude(pk__in=differences).update(fault="")
    by_fault = defaultdict(list)
    for item, fields in differences.items():
        by_fault[
            "；".join(f"{field}：{ours or '—'} / {theirs or '—'}" for field, ours, theirs in fields)
        ].append(item)
    for fault, items in by_fault.items():
        CaseItem.objects.filter(pk__in=items).update(fault=fault)
    return match


def freeze(case: Case, *, at) -> FrozenList:
    """Freeze the confirmed people of a batch, each with its street, as the next version of its list."""
    lines = list(
        CaseItem.objects.filter(case=case, stage="confirmed")
        .order_by("pk")
        .values_list("pk", "organisation_id")
    )
    number = (FrozenList.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0) + 1
    said = "\n".join(f"{item} {street}" for item, street in lines)
    frozen = FrozenList.objects.create(
        case=case,
        number=number,
        heads=len(lines),
        digest=hashlib.sha256(said.encode()).hexdigest(),
        fixed_at=at,
    )
    FrozenLine.objects.bulk_create(
        (FrozenLine(frozen_list=frozen, item_id=item, street_id=street) for item, street in lines),
        batch_size=5000,
    )
    return frozen


def signers(case: Case, frozen: FrozenList) -> list[int]:
    """Who signs: the enterprise, the body that accepted the batch, and each further county that receives."""
    counties = frozen.lines.order_by().values_list("street__superior", flat=True).distinct()
    return list(dict.fromkeys([case.applicant_id, case.authority_id, *sorted(counties)]))
