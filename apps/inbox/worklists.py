"""The rows that belong to a case, machine by machine: filtered, paged, ready to be ticked."""

from dataclasses import dataclass

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Value, When
from django.utils.translation import gettext_lazy as _

from apps.engine import registry
from apps.engine.models import AbstractItem
from apps.retirees.models import Retiree

from .filters import select
from .sight import may_try, rows_seen

PAGE = 20


class WorklistFilter(forms.Form):
    """Stage and words, with the machine's name before them so that several lists share an address."""

    stage = select(_("环节"))
    q = forms.CharField(
        label=_("姓名、拼音或身份证后四位"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "form-control", "type": "search", "placeholder": _("姓名、拼音或身份证后四位")}
        ),
    )

    def __init__(self, data, *, model, numbers):
        super().__init__(data, prefix=model._meta.model_name)
        self.person = model.person
        stages = [
            (name, f"{stage.title} {numbers[name]}")
            for name, stage in model.stages.items()
            if name in numbers
        ]
        self.fields["stage"].choices = [("", _("全部环节")), *stages]
        if not model.person:
            del self.fields["q"]
        self.is_valid()

    def said(self, name: str) -> str:
        return self.cleaned_data.get(name) or ""

    def apply(self, rows):
        """Narrow the rows of a machine by what the form says."""
        if stage := self.said("stage"):
            rows = rows.filter(stage=stage)
        if words := self.said("q"):
            rows = rows.filter(**{f"{self.person}__in": Retiree.objects.search(words)})
        return rows


@dataclass(frozen=True)
class Row:
    """One row of a worklist as the page shows it."""

    row: object
    pick: str
    cells: list
    stage: object
    person: object
    template: list[str]


@dataclass(frozen=True)
class Worklist:
    """All that one card on the case page shows of one machine."""

    name: str
    title: str
    numbers: list
    form: WorklistFilter
    columns: list
    rows: list[Row]
    page: Page
    total: int
    mine: int
    matching: str
    asked: bool
    side_by_side: bool

    @property
    def opened(self) -> bool:
        """Unfolded where there is something to do, where somebody looks for something, for the people, and for
        what is to be read side by side.
        """
        shown = self.rows and (isinstance(self.rows[0].row, AbstractItem) or self.side_by_side)
        return bool(self.mine or self.asked or shown)


def machines_of(case) -> list[type]:
    """The machines whose rows belong to this process, its people first."""
    found = [model for model in registry.machines() if model.case_path and model.within_case == case.process]
    return sorted(found, key=lambda model: not issubclass(model, AbstractItem))


def of_case(case, request) -> list[Worklist]:
    """The worklists of a case in which this office may see a row, those with something to do first."""
    found = (_worklist(model, case, request) for model in machines_of(case))
    return sorted((worklist for worklist in found if worklist), key=lambda worklist: not worklist.mine)


def _worklist(model, case, request) -> Worklist | None:
    """Count by stage, narrow by the filter, and take one page: what this post may try comes first."""
    acting, name = request.acting, model._meta.model_name
    seen = rows_seen(model, acting).filter(**{model.case_path: case.pk})
    rows = model.rows().filter(pk__in=seen.values("pk"))
    numbers = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
    if not numbers:
        return None
    form = WorklistFilter(request.GET, model=model, numbers=numbers)
    rows = form.apply(rows)
    trying = may_try(model, acting)
    shown = (
        rows.annotate(_mine=Case(When(trying, then=Value(1)), default=Value(0)))
        .select_related(*_relations(model))
        .order_by("-_mine", F("due_at").asc(nulls_last=True), "pk")
    )
    page = Paginator(shown, PAGE).get_page(request.GET.get(f"{name}-page"))
    columns = _columns(model)
    stage, words = form.said("stage"), form.said("q")
    return Worklist(
        name=name,
        title=model._meta.verbose_name,
        numbers=[(stage.title, numbers[key]) for key, stage in model.stages.items() if key in numbers],
        form=form,
        columns=[label for label, _field in columns],
        rows=[_row(model, row, columns) for row in page],
        page=page,
        total=sum(numbers.values()),
        mine=rows.filter(trying).count(),
        asked=any(key.startswith(f"{name}-") for key in request.GET),
        side_by_side=model.side_by_side,
        matching=f"{name}@{case.pk}:{stage}" + (f"?{words}" if words else ""),
    )


def _row(model, row, columns) -> Row:
    name = model._meta.model_name
    return Row(
        row=row,
        pick=f"{name}:{row.pk}" if row._mine else "",
        cells=[(label, getattr(row, field)) for label, field in columns],
        stage=model.stages[row.stage],
        person=getattr(row, model.person) if model.person else None,
        template=[f"cases/rows/{model._meta.concrete_model._meta.model_name}.html", "cases/rows/row.html"],
    )


def _columns(model) -> list[tuple[str, str]]:
    """The bodies a row itself names, as columns."""
    direct = [path for path in model.offices.values() if "__" not in path]
    return [(model._meta.get_field(path).verbose_name, path) for path in dict.fromkeys(direct)]


def _relations(model) -> list[str]:
    person = [f"{model.person}__identity"] if model.person else []
    return [path for _label, path in _columns(model)] + person
