"""The filter of the inbox: words, process, stage, unit, deadline."""

from datetime import timedelta

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.engine import registry
from apps.organisations.choices import ROLE_KINDS
from apps.organisations.models import Organisation
from apps.retirees import numbers
from apps.retirees.models import Retiree

from .sight import rows_seen
from .waiting import days

NEAREST = 200  # the units offered are those of so many cases nearest to their deadline
SHOWS = (("open", _("待办")), ("mine", _("我签收的")), ("reported", _("下级超期")), ("all", _("全部案件")))
DEADLINES = (
    ("", _("全部期限")),
    ("late", _("已超期")),
    ("near", _("今明到期")),
    ("week", _("七日内到期")),
    ("none", _("无期限")),
)


def select(label, **options) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, widget=forms.Select(attrs={"class": "form-select"}), **options
    )


class InboxFilter(forms.Form):
    """Read from the address, so that a list can be bookmarked; nonsense in it is left out."""

    q = forms.CharField(
        label=_("案件编号、企业名称、姓名、身份证后四位"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "type": "search",
                "placeholder": _("案件编号、企业名称、姓名、身份证后四位"),
            }
        ),
    )
    process = select(_("事项"))
    stage = select(_("环节"))
    unit = select(_("单位"))
    deadline = select(_("期限"), choices=DEADLINES)
    show = forms.ChoiceField(choices=SHOWS, required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, acting, units):
        super().__init__(data)
        self.acting = acting
        self.fields["process"].choices = [
            ("", _("全部事项")),
            *((model._meta.model_name, model._meta.verbose_name) for model in registry.processes()),
        ]
        self.fields["stage"].choices = [("", _("全部环节")), *_stages(acting)]
        self.fields["unit"].choices = [("", _("全部单位")), *units]
        self.is_valid()

    def selects(self):
        return [
            self[name]
            for name in ("process", "stage", "unit", "deadline")
            if len(self.fields[name].choices) > 2
        ]

    def said(self, name: str) -> str:
        return self.cleaned_data.get(name) or ""

    @property
    def narrowed(self) -> dict[str, str]:
        """What was asked for, as it may be recorded."""
        said = {name: self.said(name) for name in ("process", "stage", "deadline") if self.said(name)}
        if unit := self.said("unit"):
            said["unit"] = str(dict(self.fields["unit"].choices)[int(unit)])
        if words := self.said("q"):
            said["words"] = numbers.hidden(words)
        return said

    def apply(self, seats):
        """Narrow an office's seats by what the form says."""
        if process := self.said("process"):
            seats = seats.filter(case__process=process)
        if unit := self.said("unit"):
            seats = seats.filter(case__applicant=unit)
        if stage := self.said("stage"):
            seats = seats.filter(self._at(*stage.split(".")))
        if deadline := self.said("deadline"):
            seats = seats.filter(_due(deadline))
        if text := self.said("q"):
            seats = seats.filter(self._about(text))
        return seats

    def _at(self, name: str, stage: str) -> Q:
        model = registry.machine(name)
        if not model.case_path:
            return Q(case__process=name, case__stage=stage)
        holder = model.stages[stage].holder
        here = {model.offices[holder.office]: self.acting.organisation}
        return Q(Exists(model.rows().filter(stage=stage, **{model.case_path: OuterRef("case")}, **here)))

    def _about(self, text: str) -> Q:
        units = Organisation.objects.named(text)
        about = Q(case__number__icontains=text) | Q(case__applicant__in=units) | Q(case__enterprise__in=units)
        people = Retiree.objects.search(text)
        for model in registry.machines():
            if model.person and model.case_path:
                rows = rows_seen(model, self.acting).filter(
                    **{f"{model.person}__in": people, model.case_path: OuterRef("case")}
                )
                about |= Q(Exists(rows))
        return about


def units(seats) -> list[tuple[int, str]]:
    """The applicants among an office's first seats, by name."""
    first = seats.model.objects.filter(pk__in=seats.values("pk")[:NEAREST])
    found = first.order_by("case__applicant__name").values_list("case__applicant", "case__applicant__name")
    return list(found.distinct())


def _stages(acting):
    """The stages in which something may wait for the roles this kind of office has, by machine."""
    roles = {role for role, kinds in ROLE_KINDS.items() if acting.organisation.kind in kinds}
    for model in registry.machines():
        choices = [
            (f"{model._meta.model_name}.{stage.name}", stage.title)
            for stage, party in registry.holders(model)
            if party.role in roles
        ]
        if choices:
            yield model._meta.verbose_name, choices


def _due(deadline: str) -> Q:
    today, after_tomorrow, _month = days()
    return {
        "late": Q(due_at__lt=today),
        "near": Q(due_at__gte=today, due_at__lt=after_tomorrow),
        "week": Q(due_at__gte=today, due_at__lt=today + timedelta(days=7)),
        "none": Q(due_at__isnull=True),
    }[deadline]
