"""Makes any move of any machine, derived from its own words: who acts, what it is given, which papers it takes."""

import datetime as dt
from itertools import count

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.calendar.forms import ComingDateField, PastDateField
from apps.cases.models import Case
from apps.engine import registry
from apps.engine.door import Refused, perform
from apps.engine.words import Reasons
from apps.organisations.acting import Acting
from tests.worlds import answer, today, workbook

FILES = {"answer": answer, "roster": workbook}
"""What a file field of this name is given; the rest gets a file nobody reads."""

_running = count()


def office_of(row, party) -> int | None:
    """The organisation that is this party to a row."""
    model = registry.of_row(row)
    return model.rows().filter(pk=row.pk).values_list(f"{model.offices[party.office]}_id", flat=True).get()


def holder(world, row, party) -> Acting | None:
    """Who may act for a party on this row; nobody where there is no such office, or nobody in the post."""
    office = office_of(row, party)
    try:
        return world.by(party.role, office) if office else None
    except Refused:
        return None


def case_of(row):
    """The case a row belongs to, or is, as it stands now."""
    case = Case.objects.get(pk=getattr(row, "case_id", None) or row.pk)
    return registry.machine(case.process).objects.get(pk=case.pk)


def given(move, row) -> dict:
    """Something sensible in every field of what the move asks for."""
    form = move.asks() if move.asks else None
    return {name: _fill(name, field, row) for name, field in form.fields.items()} if form else {}


def _fill(name, field, row):
    if isinstance(field, forms.FileField):
        return FILES[name](case_of(row)) if name in FILES else SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4")
    if isinstance(field, forms.ModelChoiceField):
        return _choose(field, row)
    if isinstance(field, PastDateField):
        return today()
    if isinstance(field, ComingDateField):
        return today() + dt.timedelta(days=20)
    if isinstance(field, forms.BooleanField):
        return True
    if isinstance(field, forms.ChoiceField):
        return field.choices[0][0]
    if isinstance(field, forms.DecimalField):
        return "100.00"
    if isinstance(field, forms.RegexField):
        return "6228000011112222" if "account" in name else "1"
    return f"{field.label}{next(_running)}"[: field.max_length]


def _choose(field, row):
    """A street of the person's own where the row knows one; nothing where nothing need be chosen."""
    if not field.required:
        return ""
    return next(s for s in (row.hukou_id, row.residence_id) if field.queryset.filter(pk=s).exists())


def reason(move) -> dict:
    """The first reason of a closed list, or a sentence."""
    if isinstance(move.reason, Reasons):
        return {"reason_code": next(iter(move.reason.choices))}
    return {"reason": "按规定办理"} if move.reason else {}


def attach_what_it_takes(world, row, move, by) -> None:
    for kind in move.takes:
        world.attach(case_of(row), kind, by=by)


def make(row, move, by):
    """Make a move with everything it asks for."""
    return perform(row, move.name, by=by, given=given(move, row), **reason(move))


def rows_of(case) -> list:
    """Everything of a case that moves: the case, its people, and what stands beside it."""
    found = [case_of(case)]
    for model in registry.machines():
        if model.case_path == "case":
            found += model.rows().filter(case=case.pk).order_by("pk")
    return found


def one_of_each(case) -> list:
    """One row for each machine, stage and office of a case."""
    offices = ("organisation_id", "station_id")
    return list(
        {
            (type(row), row.stage, *(getattr(row, name, None) for name in offices)): row
            for row in rows_of(case)
        }.values()
    )
