"""The faults of an uploaded roster: counted by rule, read row by row, and as a workbook to mend from."""

import io
from dataclasses import dataclass
from types import SimpleNamespace

from django.db import connection
from django.utils.translation import gettext as _

from apps.audit.streams import record
from apps.exchange import report, roster
from apps.exchange.rules import RULES, Fault
from apps.retirees import vault
from apps.transfers.models import RosterRow, RosterVersion

KINDS = """
SELECT fault ->> 'code', fault ->> 'severity', count(*)
FROM transfers_rosterrow AS row, jsonb_array_elements(row.faults) AS fault
WHERE row.version_id = %s GROUP BY 1, 2 ORDER BY min(position(fault ->> 'severity' IN 'EWS')), 1
"""


@dataclass(frozen=True)
class Kind:
    """How often one rule was broken with one severity."""

    code: str
    severity: str
    count: int

    @property
    def title(self) -> str:
        return _(RULES[self.code].title) if self.code in RULES else self.code


def kinds(version: RosterVersion) -> list[Kind]:
    """The kinds of faults of a version's rows, gravest first: one statement for any number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS, [version.pk])
        return [Kind(*row) for row in cursor.fetchall()]


def rows(version: RosterVersion, *, severity: str = "", code: str = "", words: str = ""):
    """The rows with a fault of that severity and rule, in the order of the sheet."""
    pattern = {name: value for name, value in (("severity", severity), ("code", code)) if value}
    found = RosterRow.objects.filter(version=version).exclude(faults=[])
    if pattern:
        found = found.filter(faults__contains=[pattern])
    if words:
        found = found.filter(name__contains="".join(words.split()))
    return found.defer("sealed").order_by("row_no")


def told(row: RosterRow, *, severity: str = "", code: str = "") -> list[Fault]:
    """The faults of a row, those asked for first of all."""
    found = sorted(
        (Fault.from_json(fault) for fault in row.faults), key=lambda fault: "EWS".index(fault.severity)
    )
    asked = [f for f in found if (not severity or f.severity == severity) and (not code or f.code == code)]
    return asked + [fault for fault in found if fault not in asked]


def of_file(version: RosterVersion) -> list[Fault]:
    """The faults of the file as a whole."""
    return [Fault.from_json(fault) for fault in version.faults]


def book(version: RosterVersion, *, by) -> bytes:
    """The workbook of a version's faults, faulty cells coloured; taking it is recorded."""
    content = vault.unseal_bytes(version.sealed, owner=version.digest, field="roster")
    sheet = roster.read(content, version.file_name)
    judged = [
        SimpleNamespace(line=row.row_no, faults=told(row))
        for row in RosterRow.objects.filter(version=version).defer("sealed").order_by("row_no")
    ]
    faults = [*of_file(version), *(fault for row in judged for fault in row.faults)]
    out = io.BytesIO()
    report.write(SimpleNamespace(sheet=sheet, rows=judged, faults=faults), out)
    given = {"list": "faults", "rows": len(faults), "digest": version.digest}
    record(by.user, "export", by=by, given=given)
    return out.getvalue()
