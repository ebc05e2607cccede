"""Changing the list of divisions: from a day on one is new, is called otherwise, belongs elsewhere, or has ended."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from apps.organisations.choices import DivisionLevel
from apps.organisations.models import Division
from apps.organisations.refusals import NotChanged


def redraw(
    code: str,
    *,
    on: date,
    name: str = "",
    level: str = DivisionLevel.STREET,
    parent_code: str = "",
    merged_into: str = "",
) -> Division:
    """Let a division be as said from a day on; without a name it ends, into `merged_into`. Raises NotChanged.

    The row in force before keeps its name and place for its own period.
    """
    for higher in filter(None, (parent_code, merged_into)):
        if not Division.objects.filter(code=higher, valid__contains=on).exists():
            raise NotChanged(_("%(day)s没有代码为%(code)s的行政区划。") % {"day": on, "code": higher})
    with transaction.atomic():
        rows = Division.objects.select_for_update().filter(code=code)
        if rows.filter(valid__startswith__gte=on).exists():
            raise NotChanged(_("行政区划%(code)s在%(day)s之后已有变更。") % {"code": code, "day": on})
        held = rows.filter(valid__contains=on).first()
        if held is None and not name:
            raise NotChanged(_("%(day)s没有代码为%(code)s的行政区划。") % {"day": on, "code": code})
        if held is not None:
            held.valid = DateRange(held.valid.lower, on)
            held.merged_into = merged_into
            held.save(update_fields=["valid", "merged_into"])
        if not name:
            return held
        return Division.objects.create(
            code=code,
            name=name,
            level=held.level if held else level,
            parent_code=parent_code or (held.parent_code if held else ""),
            valid=DateRange(on, None),
        )
