"""What a batch writes into the registers: people, obligations, the match, the frozen list, its signers."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max

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
    """One row of a filed roster: its batch, the fields of the item and of the file, and what is owed."""

    case: Case
    item: dict[str, Any]
    file: dict[str, Any]
    facts: dict[str, str]

    @property
    def retiree(self) -> int:
        return self.item["retiree_id"]


def facts_of(row: RosterRow) -> dict[str, str]:
    """Open one roster row: {column: value as normalised}."""
    return json.loads(vault.unseal(row.sealed, owner=f"{row.version_id}/{row.row_no}", field="row"))


def seal_facts(version: int, row_no: int, facts: dict[str, str]) -> bytes:
    return vault.seal(json.dumps(facts, ensure_ascii=False), owner=f"{version}/{row_no}", field="row")


def register_people(cases: Iterable[Case]) -> list[Person]:
    """Make, or find again, the retiree behind each row of the rosters in force; four statements for any number."""
    by_pk = {case.pk: case for case in cases}
    rows = RosterRow.objects.filed(by_pk).annotate(case=F("version__case")).order_by("case", "row_no")
    filed = [(row, by_pk[row.case], facts_of(row)) for row in rows]
    newcomers: dict[Any, Newcomer] = {}
    for row, case, facts in filed:
        known = newcomers.get(row.identity_id)
        if known is None or known.enterprise_id == case.enterprise_id:
            newcomers[row.identity_id] = _newcomer(row, case, facts)
    retirees = enlist(newcomers.values())
    earlier = dict(
        CaseItem.objects.filter(retiree__in=retirees.values(), open=False)
        .order_by("pk")
        .values_list("retiree", "pk")
    )
    return [_person(row, case, facts, retirees[row.identity_id], earlier) for row, case, facts in filed]


def _newcomer(row: RosterRow, case: Case, facts: dict) -> Newcomer:
    return Newcomer(
        identity_id=row.identity_id,
        name=row.name,
        enterprise_id=case.enterprise_id,
        phone=facts.get("phone", ""),
        si_agency=facts.get("paying_agency", ""),
        party_member=facts.get("party_member", ""),
        facts={name: facts[name] for name in KEPT_FACTS if facts.get(name)},
    )


def _person(row: RosterRow, case: Case, facts: dict, retiree: int, earlier: dict[int, int]) -> Person:
    file = facts.get("file") or {}
    return Person(
        case=case,
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


def open_in(retirees: Iterable[int]) -> dict[int, str]:
    """Return {retiree: number of the batch} for those who are in an open item."""
    found = CaseItem.objects.filter(retiree__in=list(retirees), open=True)
    return dict(found.values_list("retiree_id", "case__number"))


def _count(text: str | int | None) -> int:
    """A number of volumes or pages; what cannot be read counts as none announced."""
    return int(text) if str(text or "").strip().isdigit() else 0


def update_places(people: Sequence[Person]) -> None:
    """Let people already listed take the streets and remarks of the corrected roster."""
    listed = CaseItem.objects.filter(
        case__in={person.case for person in people}, stage__in=["valid", "invalid"]
    )
    items = {(item.case_id, item.retiree_id): item for item in listed}
    places = ("organisation_id", "station_id", "placement", "residence_id", "hukou_id", "note")
    changed = [person for person in people if (person.case.pk, person.retiree) in items]
    for person in changed:
        for name in places:
            setattr(items[person.case.pk, person.retiree], name, person.item[name])
    CaseItem.objects.bulk_update(
        [items[person.case.pk, person.retiree] for person in changed],
        [name.removesuffix("_id") for name in places], batch_size=2000,
    )  # fmt: skip


def list_obligations(items: Sequence[CaseItem], people: Sequence[Person]) -> None:
    """Open the list of what the enterprise goes on owing: pensions outside the pool, housing, the uninsured."""
    owed = []
    for item, person in zip(items, people, strict=True):
        for kind, detail in _owed(person.facts):
            owed.append(Obligation(case=person.case, item=item, kind=kind, detail=detail[:200]))
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


def record_match(
    case: Case, asked, *, name: str, content: bytes, differences: Mapping[int, Sequence], at
) -> Match:
    """Keep an answer sheet of the agency sealed, and each difference with its person.

    ``asked`` are the people it was asked about, ``differences`` is {item: [(code, ours, theirs)]}; a person's faults
    are rewritten by each answer.
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
            Difference(match=match, item_id=item, code=code, ours=ours[:120], theirs=theirs[:120])
            for item, found in differences.items()
            for code, ours, theirs in found
        ),
        batch_size=5000,
    )
    # Whoever agrees in this answer has nothing left to explain, whatever an earlier one said.
    asked.exclude(pk__in=differences).update(faults=[])
    items = list(asked.filter(pk__in=differences))
    for item in items:
        item.faults = [
            {"code": code, "ours": ours or "—", "theirs": theirs or "—"}
            for code, ours, theirs in differences[item.pk]
        ]
    CaseItem.objects.bulk_update(items, ["faults"], batch_size=2000)
    return match


def freeze(cases: Sequence[Case], confirmed, *, at) -> list[FrozenList]:
    """Freeze the confirmed people of each batch, each with their street, as the next version of its list."""
    lines: dict[int, list[tuple[int, int]]] = {case.pk: [] for case in cases}
    for case, item, street in confirmed.order_by("pk").values_list("case", "pk", "organisation"):
        lines[case].append((item, street))
    earlier = FrozenList.objects.filter(case__in=lines).order_by().values_list("case")
    number = dict(earlier.annotate(Max("number")))
    frozen = FrozenList.objects.bulk_create(
        FrozenList(
            case=case,
            number=number.get(case.pk, 0) + 1,
            heads=len(lines[case.pk]),
            digest=_digest(lines[case.pk]),
            fixed_at=at,
        )
        for case in cases
    )
    FrozenLine.objects.bulk_create(
        (
            FrozenLine(frozen_list=one, item_id=item, street_id=street)
            for one in frozen
            for item, street in lines[one.case_id]
        ),
        batch_size=5000,
    )
    return frozen


def _digest(lines: Iterable[tuple[int, int]]) -> str:
    return hashlib.sha256("\n".join(f"{item} {street}" for item, street in lines).encode()).hexdigest()


def signers(frozen: Sequence[FrozenList]) -> list[tuple[FrozenList, int]]:
    """Who signs each list: the enterprise, the body that accepted the batch, and each further county that receives."""
    found = FrozenLine.objects.filter(frozen_list__in=frozen).order_by("street__superior")
    counties = defaultdict(list)
    for one, county in found.values_list("frozen_list", "street__superior").distinct():
        counties[one].append(county)
    return [
        (one, signer)
        for one in frozen
        for signer in dict.fromkeys([one.case.applicant_id, one.case.authority_id, *counties[one.pk]])
    ]
