"""Every fee an office has to do with, across batches: what is owed, what came in, and many decided in one act."""

from django import forms
from django.db.models import Case, Count, F, Q, Value, When
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from apps.engine import registry
from apps.fees import standing
from apps.fees.models import FeeAssessment
from apps.inbox.acting import ActingRequired
from apps.inbox.filters import select
from apps.inbox.sight import may_try, rows_seen
from apps.inbox.views import page_of
from apps.organisations.choices import OrgKind

CALLED_OFF = "cancelled"
KINDS = (OrgKind.FINANCE_DEPT, OrgKind.RMO)
"""Bodies that read a special account."""


class FeeFilter(forms.Form):
    """Stage and words."""

    stage = select(_("环节"))
    q = forms.CharField(
        label=_("企业、缴款单位、批次号或缴款码"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "type": "search",
                "placeholder": _("企业、缴款单位、批次号或缴款码"),
            }
        ),
    )

    def __init__(self, data, *, model, numbers):
        super().__init__(data)
        self.fields["stage"].choices = [
            ("", _("全部环节")),
            *(
                (name, f"{stage.title} {numbers[name]}")
                for name, stage in model.stages.items()
                if name in numbers
            ),
        ]
        self.is_valid()

    def apply(self, rows):
        """Narrow the fees by what the form says."""
        said = self.cleaned_data
        if said.get("stage"):
            rows = rows.filter(stage=said["stage"])
        if words := (said.get("q") or "").strip():
            rows = rows.filter(
                Q(reference__icontains=words)
                | Q(case__number__icontains=words)
                | Q(case__enterprise__name__icontains=words)
                | Q(payer__name__icontains=words)
            )
        return rows


class Fees(ActingRequired, View):
    """The fees an office may see: for the bureau its desk, for finance what it waits for, for who owes how to pay."""

    def get(self, request):
        model = machine()
        seen = rows_seen(model, request.acting).exclude(stage=CALLED_OFF)
        numbers = dict(seen.order_by().values_list("stage").annotate(Count("pk", distinct=True)))
        keeps_account = request.acting.organisation.kind in KINDS
        takes_part = keeps_account or any(party.role == request.acting.role for party in _parties(model))
        if not numbers and not takes_part:
            raise Http404
        form = FeeFilter(request.GET, model=model, numbers=numbers)
        trying = may_try(model, request.acting)
        rows = model.rows().filter(pk__in=seen.values("pk"))
        rows = (
            form.apply(rows)
            .annotate(
                mine=Case(When(trying, then=Value(1)), default=Value(0)),
                received=standing.received(),
                owed=standing.DUE - standing.received(),
            )
            .select_related("case__enterprise", "payer", "standard", "finance__special_account")
            .order_by("-mine", F("due_at").asc(nulls_last=True), "pk")
        )
        page = page_of(rows, request.GET.get("page"))
        shown = {
            "form": form,
            "page": page,
            "lines": [(row, model.stages[row.stage]) for row in page.object_list],
            "numbers": [
                (stage.title, numbers[name]) for name, stage in model.stages.items() if name in numbers
            ],
            "any_mine": any(row.mine for row in page.object_list),
            "name": model._meta.model_name,
            "keeps_account": keeps_account,
        }
        return render(request, "finance/fees.html", shown)


def machine() -> type:
    """The machine that collects fees."""
    return next(model for model in registry.machines() if model._meta.concrete_model is FeeAssessment)


def _parties(model):
    return (party for move in model.moves.values() for party in move.parties)
