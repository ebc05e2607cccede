"""Deciding many rows with one reason: tick, choose, and read what became of each."""

from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.generic import View

from apps.cases.models import Case
from apps.documents.papers import KINDS
from apps.engine import registry
from apps.engine.door import Refused, perform_all

from . import decisions, selections, work
from .acting import ActingRequired, back
from .decisions import Decision
from .sight import acts_in, papers_of, rows_seen

LATEST = 6  # acts shown of a single row
OUTCOME = "outcome"


class DecideMany(ActingRequired, View):
    """First shows what may be decided on the ticked rows, then hands the decision to the door."""

    http_method_names = ["post"]

    def post(self, request):
        picks = (
            [request.POST.get("matching", "")] if request.POST.get("all") else request.POST.getlist("pick")
        )
        chosen = selections.read(picks, request.acting)
        if not request.POST.get("move"):
            return render(request, "inbox/decide.html", sheet(request, chosen, picks))
        model = {model._meta.model_name: model for model in chosen}.get(request.POST.get("machine"))
        move = model.moves.get(request.POST["move"]) if model else None
        # What opens a case is never made on one that is open already.
        if move is None or not move.parties or not move.sources or not chosen[model].exists():
            return render(request, "inbox/decide.html", sheet(request, {}, picks), status=404)
        try:
            with transaction.atomic():  # where nobody moves, no paper is left behind
                if case := only_case(model, chosen[model]):
                    decisions.attach_sent(move, chosen[model], case, request)
                if work.takes_long(chosen[model], move):
                    return redirect("jobs:job", work.put_off(chosen[model], move, request).pk)
                outcome = perform_all(
                    chosen[model],
                    move.name,
                    by=request.acting,
                    given=decisions.given(request),
                    **decisions.reasons(request.POST),
                )
                transaction.set_rollback(not outcome.moved)
        except Refused as refusal:
            shown = sheet(request, chosen, picks, tried=move, refusal=refusal)
            return render(request, "inbox/decide.html", shown, status=409)
        return self.tell(request, model, move, outcome)

    def tell(self, request, model, move, outcome):
        """Go back to the list when all moved, else to a page that says which stayed and why."""
        if outcome.moved:
            done = ngettext(
                "已办理“%(move)s”，共 %(count)d 项", "已办理“%(move)s”，共 %(count)d 项", outcome.moved
            )
            messages.success(request, done % {"move": move.title, "count": outcome.moved})
        if not outcome.stayed:
            return redirect(back(request))
        stayed = {sentence: [len(rows), rows[: work.SHOWN]] for sentence, rows in outcome.stayed.items()}
        told = {
            "machine": model._meta.model_name,
            "move": move.name,
            "moved": outcome.moved,
            "stayed": stayed,
        }
        request.session[OUTCOME] = told | {"back": back(request)}
        return redirect("outcome")


class ShowOutcome(ActingRequired, View):
    """What became of the last set this person decided, or of one that a job has decided."""

    def get(self, request):
        job = request.GET.get("job", "")
        kept = work.outcome_of(job, request.user) if job else request.session.get(OUTCOME)
        if kept is None:
            raise Http404
        model = registry.machine(kept["machine"])
        stayed = [
            _Stayed(sentence, count, list(_named(model, rows, request.acting)))
            for sentence, (count, rows) in kept["stayed"].items()
        ]
        return render(
            request,
            "inbox/outcome.html",
            {
                "move": model.moves[kept["move"]],
                "moved": kept["moved"],
                "stayed": stayed,
                "stayed_count": sum(group.count for group in stayed),
                "back": kept.get("back", settings.LOGIN_REDIRECT_URL),
            },
        )


@dataclass(frozen=True)
class _Stayed:
    sentence: str
    count: int
    rows: list

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def sheet(request, chosen, picks, *, tried=None, refusal=None) -> dict:
    """The picked rows by stage, each group with the decisions this post may try on it."""
    found = selections.groups(chosen)
    return {
        "groups": [_laid_out(request, group, picks, tried, refusal) for group in found],
        "total": sum(group.count for group in found),
        "refusal": refusal,
        "next": back(request),
        "kinds": KINDS,
    }


def _laid_out(request, group, picks, tried, refusal) -> dict:
    """One group with its decisions, and beside them the papers of its case and the history of a single row."""
    case = only_case(group.model, group.rows)
    single = group.rows.first() if group.count == 1 else None
    return {
        "group": group,
        "decisions": list(_decisions(request, group, case, picks, tried, refusal)),
        "case": case,
        "papers": papers_of(case, request.acting) if case else (),
        "history": single.events().reverse()[:LATEST] if single else (),
    }


def _decisions(request, group, case, picks, tried, refusal):
    hidden = (
        ("machine", group.model._meta.model_name),
        ("next", back(request)),
        *(("pick", pick) for pick in picks),
    )
    for move in acts_in(group.model, group.stage.name, request.acting.role):
        lacks = decisions.lacking(move, [case.pk], by=request.acting) if case else []
        sent = request if move is tried else None
        form = decisions.form_for(move, request.acting, sent, lacking=lacks)
        if sent:
            decisions.show_refusal(form, refusal)
        yield Decision(move, form, reverse("decide"), hidden)


def only_case(model, rows) -> Case | None:
    """The case of the rows if they all belong to one, so that papers can come with the decision."""
    path = model.path_to_case()
    cases = list(islice(rows.order_by().values_list(path, flat=True).distinct(), 2))
    return Case.objects.select_related("applicant", "authority").get(pk=cases[0]) if len(cases) == 1 else None


def _named(model, rows: list[int], acting):
    """Yield the rows that stayed and are still seen here, each with the address of its case."""
    related = [model.case_path] if model.case_path else []
    if model.person:
        related.append(model.person)
    for row in rows_seen(model, acting).select_related(*related).filter(pk__in=rows).order_by("pk"):
        case = getattr(row, model.case_path) if model.case_path else row
        yield {"title": str(row), "note": case.number, "url": reverse("case", args=[case.number])}
