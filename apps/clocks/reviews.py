"""The day on which somebody looks again at a suspended case, or at a person who was put off: it is told of once."""

from collections import Counter

from django.db.models import Exists, F, OuterRef, Value

from apps.audit.streams import now
from apps.calendar.workdays import day_of
from apps.engine import participants, registry
from apps.engine.dues import RESUME
from apps.notices.models import Notice
from apps.notices.telling import Telling, tell

KIND = "review"


def due(model, day):
    """The rows of a machine that are to be looked at again by a day and nobody was told of; with whose it is.

    A case is told to whoever may let it go on, anything else to its holder, and not while its case is suspended.
    """
    case = model.path_to_case()
    if model.case_path:
        asked = [move for move in model.moves.values() if move.asks and "review_on" in move.asks.base_fields]
        rows = model.rows().filter(stage__in={move.target.name for move in asked if move.target})
        rows = rows.filter(**{model.of_case("suspended_at"): None})
        rows = rows.annotate(holder=participants.holder(model), holder_role=participants.holder_role(model))
    else:
        party = model.moves[RESUME].parties[0]
        rows = model.rows().filter(suspended_at__isnull=False)
        rows = rows.annotate(holder=F(party.at(model)), holder_role=Value(party.role))
    told = Notice.objects.filter(
        kind=KIND, case=OuterRef(case), organisation=OuterRef("holder"), role=OuterRef("holder_role"),
        told_at__date__gte=OuterRef("review_on"),
    )  # fmt: skip
    return rows.filter(~Exists(told), review_on__lte=day, holder__isnull=False)


def machines() -> list:
    """The machines that know a day of review: of people put off, and of cases that can be suspended."""
    return [
        model
        for model in registry.machines()
        if any(field.name == "review_on" for field in model._meta.get_fields())
        and (model.case_path or RESUME in model.moves)
    ]


def hear() -> int:
    """Tell whose it is of every day of review that has come; return how many notices that made."""
    at, counted = now(), Counter()
    for model in machines():
        rows = due(model, day_of(at)).values_list("holder", "holder_role", model.path_to_case())
        counted.update(rows)
    tellings = [Telling(office, role, case, {"rows": rows}) for (office, role, case), rows in counted.items()]
    return tell(KIND, tellings, at=at) if tellings else 0
