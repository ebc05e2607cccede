"""What the papers beside a batch print: its files, its end before the handover."""

from typing import Any

from apps.audit.models import Event
from apps.calendar.workdays import day_of
from apps.personnel_files.models import PersonnelFile

from .models import Paper
from .wording import chinese_date


def files(paper: Paper, event: Event) -> dict[str, Any]:
    """The files that one act handed over, or of which something was missing."""
    found = (
        PersonnelFile.objects.filter(pk__in=event.items.values("row_id"), case=paper.case)
        .select_related("retiree__identity")
        .order_by("file_no", "pk")
    )
    rows = [
        [place, one.file_no or "无", one.retiree.name, one.retiree.identity.on_paper, one.volumes, one.pages,
         one.gap or "—"]
        for place, one in enumerate(found, start=1)
    ]  # fmt: skip
    return {
        "custodian": next((one.custodian.name for one in found[:1]), ""),
        "gap": event.given.get("gap", ""),
        "messenger": next((one.messenger for one in found[:1]), ""),
        "witness": event.given.get("witness", ""),
        "volumes": sum(one.volumes for one in found),
        "pages": sum(one.pages for one in found),
        "rows": rows,
    }


def ending(paper: Paper, event: Event) -> dict[str, Any]:
    """When a batch was filed and when it ended without a handover."""
    return {
        "opened_on": chinese_date(paper.case.opened_on),
        "ended_on": chinese_date(day_of(event.recorded_at)),
        "machine": event.machine,
    }
