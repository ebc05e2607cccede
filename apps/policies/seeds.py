"""Loads what the product ships with: divisions, documents, clauses, first rules; safe to run again."""

import csv
import json
from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.audit.streams import Entry, Head, append, now
from apps.organisations.choices import DivisionLevel
from apps.organisations.models import Division, DivisionAlias
from apps.policies.keys import KEYS
from apps.policies.models import Clause, Document, Rule

FOLDER = settings.BASE_DIR / "fixtures"
PLAN = "揭府办〔2005〕77号"


def load() -> dict[str, int]:
    """Bring every shipped table up to date; return how many rows each has in the files.

    Steps: divisions and aliases; documents and what they rest on; clauses; rules of keys without a row.
    """
    with transaction.atomic():
        return {
            "divisions": _divisions(),
            "aliases": _aliases(),
            "documents": _documents(),
            "clauses": _clauses(),
            "rules": _rules(),
        }


def _divisions() -> int:
    shipped = {}
    for row in rows("divisions.csv"):
        valid = DateRange(_day(row["valid_from"]), _day(row["valid_until"]))
        shipped[row["code"], valid.lower] = Division(
            code=row["code"],
            name=row["name"],
            level=DivisionLevel(row["level"]),
            parent_code=row["parent_code"],
            valid=valid,
            merged_into=row["merged_into"],
        )
    columns = ["name", "level", "parent_code", "valid", "merged_into"]
    changed, held_rows = [], list(Division.objects.all())
    # A division that the administrators have changed is theirs from then on.
    own = {
        held.code
        for held in held_rows
        for new in [shipped.get((held.code, held.valid.lower))]
        if new is None or (held.valid.upper and not new.valid.upper)
    }
    shipped = {place: new for place, new in shipped.items() if new.code not in own}
    for held in held_rows:
        new = shipped.pop((held.code, held.valid.lower), None)
        if new and any(getattr(new, name) != getattr(held, name) for name in columns):
            new.pk = held.pk
            changed.append(new)
    if changed:
        Division.objects.bulk_update(changed, columns)
    Division.objects.bulk_create(shipped.values())
    return Division.objects.count()


def _aliases() -> int:
    aliases = [DivisionAlias(**row) for row in rows("division_aliases.csv")]
    DivisionAlias.objects.bulk_create(aliases, ignore_conflicts=True)
    return len(aliases)


def _documents() -> int:
    shipped = json.loads((FOLDER / "documents.json").read_text(encoding="utf-8"))
    columns = ["title", "issuer", "issued_on", "status"]
    Document.objects.bulk_create(
        (Document(number=each["number"], **{name: each[name] for name in columns}) for each in shipped),
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=columns,
    )
    ids = dict(Document.objects.values_list("number", "pk"))
    rests_on = Document.basis.through
    rests_on.objects.bulk_create(
        (
            rests_on(from_document_id=ids[each["number"]], to_document_id=ids[higher])
            for each in shipped
            for higher in each["basis"]
        ),
        ignore_conflicts=True,
    )
    return len(shipped)


def _clauses() -> int:
    plan = Document.objects.get(number=PLAN)
    columns = ["citation", "text", "requirement", "requirement_en"]
    clauses = [Clause(document=plan, **row) for row in rows("clauses.csv")]
    Clause.objects.bulk_create(
        clauses,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=columns,
    )
    return len(clauses)


def _rules() -> int:
    """A key that has any row is left alone: from then on its values are the office's to change."""
    at = now()
    known = set(Rule.objects.values_list("key", flat=True))
    documents = {document.number: document for document in Document.objects.all()}
    shipped = list(rows("rules.csv"))
    rules = Rule.objects.bulk_create(
        Rule(
            key=row["key"],
            value=int(row["value"]),
            unit=KEYS[row["key"]].unit,
            valid=DateRange(_day(row["valid_from"]), _day(row["valid_until"])),
            basis=documents[row["basis"]],
            citation=row["citation"],
            status=row["status"],
            approved_at=at,
        )
        for row in shipped
        if row["key"] not in known
    )
    entries = [
        Entry(
            stream_id=rule.pk,
            move="seed",
            given={"key": rule.key, "value": rule.value, "basis": rule.basis.number, "status": rule.status},
            effective_on=rule.valid.lower,
        )
        for rule in rules
    ]
    append(Rule, {rule.pk: Head() for rule in rules}, entries, at=at)
    return len(shipped)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped table."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
