"""One issued paper: what it is, who printed it; printing it, declaring it void, replacing it by a corrected one."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from apps.documents import register
from apps.documents.kinds import KINDS
from apps.documents.models import Paper
from apps.engine.door import Refused

from .acting import ActingRequired, note_reading
from .papers import ReasonForm
from .sight import case_or_404, issued_to

SHOWN = ("issuer", "about", "file", "voiding", "replaced_by__issuer", "replaces__issuer")


class _OnePaper(ActingRequired, View):
    """A view of one paper, for whoever may read it; 404 to others."""

    def paper(self, request, number: str, pk: int) -> Paper:
        case = case_or_404(number, request.acting)
        return get_object_or_404(issued_to(case.papers, request.acting).select_related("case", *SHOWN), pk=pk)


class PaperPage(_OnePaper):
    """Shows a paper's number, state and print register."""

    def get(self, request, number, paper):
        found = self.paper(request, number, paper)
        note_reading(request, "read_history", case=number)
        printings = found.printings.select_related("user", "organisation").order_by("copy")
        shown = {
            "paper": found,
            "title": KINDS[found.kind].title,
            "printings": printings,
            "again": any(one.organisation_id == request.acting.organisation.pk for one in printings),
            "form": ReasonForm(),
            "may_void": register.may_void(found, request.acting),
        }
        return render(request, "cases/paper.html", shown)


class Print(_OnePaper):
    """Hands out a copy and enters it in the register."""

    http_method_names = ["post"]

    def post(self, request, number, paper):
        found = self.paper(request, number, paper)
        try:
            content = register.hand_out(found, by=request.acting, reason=request.POST.get("reason", ""))
        except Refused as refusal:
            messages.error(request, _("；").join(refusal.sentences))
            return redirect("issued", number, paper)
        return pdf_answer(content, f"{found.label} {KINDS[found.kind].title}.pdf")


class Void(_OnePaper):
    """Declares a paper void."""

    http_method_names = ["post"]
    act = staticmethod(register.void)
    done = gettext_lazy("文书已作废")

    def post(self, request, number, paper):
        found = self.paper(request, number, paper)
        try:
            type(self).act(found, by=request.acting, reason=request.POST.get("reason", ""))
            messages.success(request, self.done)
        except Refused as refusal:
            messages.error(request, _("；").join(refusal.sentences))
        return redirect("issued", number, paper)


class Reissue(Void):
    """Puts a corrected paper in the place of one that was wrong."""

    act = staticmethod(register.reissue)
    done = gettext_lazy("更正的文书已编号，正在制作")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF to keep, which no browser and no proxy between keeps for us."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
