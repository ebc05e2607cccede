"""拨付与开办费: what the streets were and are being given, as far as an office may see, and opening another."""

from uuid import UUID, uuid4

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count, OuterRef, Subquery, Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from apps.allocations.models import Share
from apps.audit.streams import now
from apps.cases.opening import open_once, opened
from apps.engine import registry
from apps.engine.door import Refused
from apps.inbox.acting import ActingRequired
from apps.inbox.decisions import form_for
from apps.inbox.sight import rows_seen
from apps.inbox.views import page_of

from .fees import KINDS


class Allocations(ActingRequired, View):
    """The allocations of an office with their sums; the bureau's fee clerk opens one below."""

    def get(self, request, form=None, refused=(), status=200):
        process = machine()
        rows = rows_seen(process, request.acting).select_related("applicant", "allocation__finance")
        page = page_of(_with_sums(rows).order_by("-pk"), request.GET.get("page"))
        opening = _opening(process, request.acting)
        if not page.object_list and request.acting.organisation.kind not in KINDS:
            raise Http404
        if opening and form is None:
            today = timezone.localdate(now())
            form = form_for(opening, request.acting)
            form.initial = {"year": today.year, "base_date": today}
        shown = {
            "page": page,
            "lines": [(row, process.stages[row.stage]) for row in page.object_list],
            "opening": opening,
            "form": form,
            "key": uuid4(),
            "refused": refused,
        }
        return render(request, "finance/allocations.html", shown, status=status)

    def post(self, request):
        process, by = machine(), request.acting
        opening = _opening(process, by)
        if opening is None:
            raise PermissionDenied(_("拨付由退管机构执收开票员核算。"))
        try:
            key = UUID(request.POST.get("key", ""))
        except ValueError:
            raise BadRequest from None
        try:
            case = opened(process, by=by, key=key) or open_once(
                process, opening.name, by=by, key=key, given=request.POST
            )
        except Refused as refused:
            form = form_for(opening, by, request)
            sentences = () if refused.fields else refused.sentences
            return self.get(request, form=form, refused=sentences, status=409)
        return redirect("case", case.number)


def machine() -> type:
    """The process that gives money to streets."""
    share = next(model for model in registry.machines() if model._meta.concrete_model is Share)
    return registry.machine(share.within_case)


def _opening(process, acting):
    """The move by which this post opens an allocation, if it may."""
    moves = (move for move in process.moves.values() if not move.sources)
    return next((m for m in moves if any(party.role == acting.role for party in m.parties)), None)


def _with_sums(rows):
    """Cases with how many streets they give to, for how many heads, and how much."""
    shares = Share._base_manager.filter(case=OuterRef("pk"), counts=True).order_by().values("case")
    figures = {"streets": Count("pk"), "heads": Sum("heads"), "fen": Sum("fen")}
    return rows.annotate(
        **{name: Subquery(shares.annotate(said=figure).values("said")) for name, figure in figures.items()}
    )
