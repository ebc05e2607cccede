"""What the clocks will do until a day: whose time will be up, who will be reminded, what will be reported to whom."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, DateTimeField, F, Min, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from apps.calendar.workdays import day_of
from apps.engine import registry
from apps.engine.words import Stage
from apps.organisations.models import Organisation

from . import reviews
from .alarms import ALARMS, conditions, waiting


@dataclass(frozen=True)
class Coming:
    """Rows of one case and stage that wait on one office, and what is going to happen to them."""

    what: str
    case: object
    title: str
    stage: Stage
    office: Organisation
    count: int
    due_at: datetime


def coming(acting, until: datetime) -> list[Coming]:
    """List what will go off by a moment at an office, those it guides and those who file with them, earliest first.

    As many statements whatever the number of rows.
    """
    titles: dict[str, str] = {}
    parts = []
    due = conditions(until)
    for model in registry.machines():
        moves = [move for move in model.moves.values() if move.on_clock]
        for move in moves:
            titles[f"{model._meta.model_name}.{move.name}"] = move.title
            ends = Q(stage__in=move.sources.names, due_at__lt=until)
            parts.append(_part(model, ends, f"{model._meta.model_name}.{move.name}", acting))
        lapsing = [name for move in moves for name in move.sources.names]
        for alarm in ALARMS:
            titles[str(alarm.rang)] = alarm.title
            late = due[alarm] if alarm.name == "remind" else due[alarm] & ~Q(stage__in=lapsing)
            parts.append(_part(model, late, str(alarm.rang), acting))
    titles[reviews.KIND] = _("复查提醒")
    for model in reviews.machines():
        rows = reviews.due(model, day_of(until))
        parts.append(_counted(model, rows, reviews.KIND, acting, when=Cast("review_on", DateTimeField())))
    found = list(parts[0].union(*parts[1:], all=True))
    table = registry.concrete(registry.models.AbstractCase)
    cases = table.objects.select_related("applicant").in_bulk({row[2] for row in found})
    offices = Organisation.objects.in_bulk({row[4] for row in found})
    lines = [
        Coming(
            what=titles[what],
            case=cases[case],
            title=registry.machine(machine)._meta.verbose_name,
            stage=registry.machine(machine).stages[stage],
            office=offices[office],
            count=count,
            due_at=due_at,
        )
        for what, machine, case, stage, office, count, due_at in found
    ]
    return sorted(lines, key=lambda line: (line.due_at, line.case.pk))


def _part(model, due: Q, what: str, acting):
    return _counted(model, waiting(model).filter(due), what, acting, when=F("due_at"))


def _counted(model, rows, what: str, acting, *, when):
    """Those of some rows that an office may know of, counted by case, stage and holder, with the earliest moment."""
    below = Organisation.objects.below(acting.organisation.pk).values("pk")
    theirs = Q(**{f"{model.of_case('authority')}__in": below}, holder=F(model.of_case("applicant")))
    return (
        rows.filter(Q(holder__in=below) | theirs)
        .order_by()
        .annotate(_what=Value(what), _machine=Value(model._meta.model_name), _case=F(model.path_to_case()))
        .values_list("_what", "_machine", "_case", "stage", "holder")
        .annotate(_count=Count("pk"), _due=Min(when))
    )
