"""What the histories are asked for."""

from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.audit.models import EventItem
from apps.cases.models import Case
from apps.engine import registry
from apps.inbox.filters import select
from apps.organisations.models import Organisation, User
from apps.retirees import numbers
from apps.retirees.models import Retiree

from .sight import BUSINESS, machines_about
from .words import NOTES


def words(label, hint="") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "placeholder": hint})
    return forms.CharField(label=label, required=False, max_length=60, widget=widget)


def day(label) -> forms.DateField:
    widget = forms.DateInput(attrs={"class": "form-control", "type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class HistoryFilter(forms.Form):
    """Case, person, office, move, date; read from the address, nonsense in it is left out."""

    case = words(_("案件编号"))
    retiree = words(_("退休人员"), _("姓名、拼音或号码后四位"))
    office = words(_("办理机构"))
    person = words(_("办理人"))
    process = select(_("事项"))
    move = select(pgettext_lazy("名词", "办理"))
    timing = select(
        _("期限"), choices=[("", _("全部期限")), ("met", _("按期办理")), ("missed", _("逾期办理"))]
    )
    since = day(_("起"))
    until = day(_("止"))

    def __init__(self, data, *, kind: str = BUSINESS):
        super().__init__(data)
        self.fields["process"].choices = [
            ("", _("全部事项")),
            *((model._meta.model_name, model._meta.verbose_name) for model in registry.processes()),
        ]
        self.fields["move"].choices = [("", _("全部办理")), *_moves()]
        if kind != BUSINESS:
            for name in ("case", "retiree", "process", "timing", "move"):
                del self.fields[name]
        self.is_valid()

    def clean(self):
        said = super().clean()
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            raise ValidationError(_("起始日期不能晚于截止日期"))
        return said

    def said(self, name: str):
        return self.cleaned_data.get(name) or ""

    @property
    def narrowed(self) -> dict[str, str]:
        """What was asked for, as it may be recorded."""
        said = {name: str(self.said(name)) for name in self.fields if self.said(name)}
        if words := said.get("retiree"):
            said["retiree"] = numbers.hidden(words)
        return said

    def apply(self, events, acting):
        """Narrow events by what the form says; everything is judged by the database."""
        if number := self.said("case"):
            cases = Case.objects.seen_by(acting).filter(number__icontains=number)
            events = events.filter(_in_cases(cases, acting))
        if process := self.said("process"):
            events = events.filter(machine__in=_machines_of(process))
        if move := self.said("move"):
            machine, _dot, name = move.partition(".")
            events = events.filter(machine=machine, move=name) if name else events.filter(move=machine)
        if office := self.said("office"):
            events = events.filter(organisation_id__in=Organisation.objects.named(office).values("pk"))
        if person := self.said("person"):
            people = User.objects.filter(Q(name__icontains=person) | Q(username=person))
            events = events.filter(person_id__in=people.values("pk"))
        if retiree := self.said("retiree"):
            events = events.filter(about(Retiree.objects.search(retiree), acting))
        if timing := self.said("timing"):
            late = Q(recorded_at__gt=F("due_at"))
            events = events.filter(~late if timing == "met" else late, due_at__isnull=False).exclude(
                machine=""
            )
        if since := self.said("since"):
            events = events.filter(recorded_at__gte=_moment(since, time.min))
        if until := self.said("until"):
            events = events.filter(recorded_at__lte=_moment(until, time.max))
        return events


def about(retirees, acting) -> Q:
    """Events that moved a row of one of these people which the office may see."""
    found = Q(pk__in=[])
    for model, rows in machines_about(acting):
        theirs = rows.filter(**{f"{model.person}__in": retirees}).values("pk")
        moved = EventItem.objects.filter(row_id__in=theirs).values("event")
        found |= Q(machine=model._meta.model_name, pk__in=moved)
    return found


def _in_cases(cases, acting) -> Q:
    """Events of these cases, also those that stand in another stream, such as the archive's."""
    found = Q(stream=Case.STREAM, stream_id__in=cases.values("pk"))
    for model in registry.machines():
        if model.case_path and registry.anchor_model(model).STREAM != Case.STREAM:
            rows = model.rows().filter(**{f"{model.case_path}__in": cases}).values("pk")
            moved = EventItem.objects.filter(row_id__in=rows).values("event")
            found |= Q(machine=model._meta.model_name, pk__in=moved)
    return found


def _machines_of(process: str) -> list[str]:
    beside = [model._meta.model_name for model in registry.machines() if model.within_case == process]
    return [process, *beside]


def _moves():
    for model in registry.machines():
        name = model._meta.model_name
        moves = [(f"{name}.{move.name}", move.title) for move in model.moves.values()]
        yield model._meta.verbose_name, moves
    yield _("其他"), [(name, NOTES[name]) for name in ("attach", "claim", "release")]


def _moment(day, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_current_timezone())
