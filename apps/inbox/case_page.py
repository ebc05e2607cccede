"""The case page: where it stands, what may be decided by whom, its people, papers and history."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from apps.audit.streams import now
from apps.cases import claims, evidence
from apps.clocks import times
from apps.documents.papers import KINDS
from apps.engine import judge
from apps.engine.door import Refused, perform

from . import decisions, issued, worklists
from .acting import ActingRequired, note_reading
from .decisions import Decision
from .papers import UploadForm
from .sight import case_or_404, events_of, holds, issued_to, papers_of, takes_part
from .steps import steps

NEWEST = 20
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CasePage(ActingRequired, View):
    """Shows a case to the offices that take part in it."""

    def get(self, request, number):
        case = case_or_404(number, request.acting)
        note_reading(request, "read_history", case=case.number)
        return render(request, "cases/case.html", page(request, case))


class Decide(ActingRequired, View):
    """Hands one decision on the case itself to the door; a refusal comes back on the page, in its words."""

    http_method_names = ["post"]

    def post(self, request, number):
        case = case_or_404(number, request.acting)
        move = case.moves.get(request.POST.get("move", ""))
        if move is None or not move.parties or not move.sources:
            messages.error(request, _("没有这一项办理"))
            return redirect("case", number)
        try:
            with transaction.atomic():  # a refused decision leaves no paper behind
                decisions.attach_sent(move, type(case).rows().filter(pk=case.pk), case, request)
                perform(
                    case,
                    move.name,
                    by=request.acting,
                    seen=_seen(request),
                    given=decisions.given(request),
                    **decisions.reasons(request.POST),
                )
        except Refused as refusal:
            mine = request.acting.role in {party.role for party in move.parties}
            shown = page(request, case_or_404(number, request.acting), tried=move, refusal=refusal)
            return render(request, "cases/case.html", shown, status=409 if mine else 403)
        messages.success(request, _("已办理“%s”") % move.title)
        return redirect("case", number)


class Attach(ActingRequired, View):
    """Adds a paper to the case."""

    http_method_names = ["post"]

    def post(self, request, number):
        case = case_or_404(number, request.acting)
        if not takes_part(case, request.acting) or case.at.end:
            raise PermissionDenied(_("您这一岗位不能向本件上传材料"))
        form = UploadForm(request.POST, request.FILES, kinds=_kinds(case))
        if not form.is_valid():
            messages.error(
                request, _("；").join(error for errors in form.errors.values() for error in errors)
            )
        else:
            paper = form.cleaned_data["paper"]
            try:
                # One byte more than is taken: whatever is longer is refused without being read whole.
                content = paper.read(evidence.LIMIT + 1)
                evidence.attach(
                    case, KINDS[form.cleaned_data["kind"]], content, name=paper.name, by=request.acting
                )
                messages.success(request, _("已上传“%s”") % paper.name)
            except Refused as refusal:
                messages.error(request, _("；").join(refusal.sentences))
        return redirect(reverse("case", args=[number]) + "#papers")


class FetchSheet(ActingRequired, View):
    """Hands out the sheet that belongs to a decision, to whoever may take that decision now."""

    def get(self, request, number, move):
        case = case_or_404(number, request.acting)
        if move not in case.hands_out:
            raise Http404
        (option,) = [option for option in case.moves_for(request.acting) if option.move.name == move] or [
            None
        ]
        if option is None or not option.allowed:
            raise PermissionDenied(_("可由%s办理") % judge.who(case.moves[move]))
        _title, fetch = case.hands_out[move]
        answer = HttpResponse(fetch(case, by=request.acting), content_type=SHEET)
        name = quote(f"{number}-{move}.xlsx")
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        answer.headers["Cache-Control"] = "no-store"
        return answer


class ReadPaper(ActingRequired, View):
    """Opens one attached paper; the reading is recorded."""

    def get(self, request, number, paper):
        case = case_or_404(number, request.acting)
        kept = get_object_or_404(papers_of(case, request.acting), pk=paper)
        answer = HttpResponse(evidence.content(kept, by=request.acting), content_type=kept.media)
        answer.headers["Content-Disposition"] = "inline"
        answer.headers["Cache-Control"] = "no-store"
        return answer


def page(request, case, *, tried=None, refusal=None) -> dict:
    """Everything the page shows of a case; after a refusal, with the form as it was sent."""
    acting, stage = request.acting, case.at
    options = case.moves_for(acting)
    allowed, unmet, others = _sorted(request, case, options, tried=tried, refusal=refusal)
    events = list(events_of(case, acting))
    task = claims.open_task(case)
    return {
        "case": case,
        "process": case._meta.verbose_name,
        "stage": stage,
        "steps": steps(
            type(case), stage, {event.target for event in events if event.machine == case.process}
        ),
        "decisions": allowed,
        "unmet": unmet,
        "others": others,
        "refusal": refusal,
        "owner": task.owner if task else None,
        "claimable": bool(task) and task.owner is None and holds(case, acting),
        "facts": _facts(case),
        "papers": papers_of(case, acting),
        "spent": times.spent(case, at=now()),
        "issued": issued_to(case.papers, acting).select_related(*issued.SHOWN).order_by("-pk"),
        "kinds": KINDS,
        "upload": UploadForm(kinds=_kinds(case)) if takes_part(case, acting) and not stage.end else None,
        "worklists": worklists.of_case(case, request),
        "newest": events[:NEWEST],
        "older": events[NEWEST:],
    }


def _sorted(request, case, options, *, tried, refusal) -> tuple[list, list, list]:
    """The moves from here: those open to this post as forms, those it lacks something for, those of others."""
    allowed, unmet, others = [], [], []
    url = reverse("decide_case", args=[case.number])
    for option in options:
        lacks = decisions.lacking(option.move, [case.pk], by=request.acting)
        if option.allowed or decisions.only_papers_lack(option, lacks):
            sent = request if option.move is tried else None
            form = decisions.form_for(option.move, request.acting, sent, lacking=lacks)
            if sent:
                decisions.show_refusal(form, refusal)
            sheet, _fetch = case.hands_out.get(option.move.name, ("", None))
            allowed.append(Decision(option.move, form, url, (("seen", case.row_seq),), sheet))
        elif (request.acting.role, request.acting.organisation) in _actors(case, option.move):
            unmet.append(option)
        else:
            others.append((option, _("、").join(str(body) for _role, body in _actors(case, option.move))))
    return allowed, unmet, others


def _actors(case, move) -> list[tuple[str, object]]:
    """Who may make a move on this case: (role, body)."""
    return [
        (party.role, office) for party in move.parties if (office := case.office(party.office)) is not None
    ]


def _facts(case) -> list[tuple[str, object]]:
    facts = [
        (_("事项"), case._meta.verbose_name),
        (_("案件编号"), case.number),
        (_("申报单位"), case.applicant),
        (_("移交企业"), case.enterprise if case.enterprise != case.applicant else None),
        (_("受理机构"), case.authority),
        (_("立案日期"), case.opened_on),
        (_("中止时间"), case.suspended_at),
        (_("复查日期"), case.review_on),
    ]
    return [(title, value) for title, value in (*facts, *case.particulars()) if value]


def _kinds(case) -> list:
    """The papers any move of the case, or of what belongs to it, may ask for."""
    models = [type(case), *worklists.machines_of(case)]
    found = {kind.code: kind for model in models for move in model.moves.values() for kind in move.takes}
    return list(found.values())


def _seen(request) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else None
