"""文书簿: the papers one's office has issued, by number; printing many at once, one file for each office."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from apps.documents import bundles
from apps.documents.kinds import KINDS
from apps.documents.models import Bundle, Paper

from .acting import ActingRequired
from .issued import SHOWN, pdf_answer
from .papers import ReasonForm, RegisterFilter
from .views import page_of

MOST = 5_000  # letters of one bulk print


def _narrowed(request, data) -> tuple[RegisterFilter, object]:
    """The form, and the papers of this office that it leaves; void ones too: their numbers are taken."""
    acting = request.acting
    given = [kind for kind in KINDS.values() if kind.layout]
    form = RegisterFilter(data, kinds=given)
    return form, form.apply(Paper.objects.filter(issuer=acting.organisation), acting)


class Register(ActingRequired, TemplateView):
    """Numbers, newest first, each with its state and how often it was printed."""

    template_name = "inbox/papers.html"

    def get_context_data(self, **kwargs):
        form, papers = _narrowed(self.request, self.request.GET)
        shown = papers.select_related("case", *SHOWN).order_by("-year", "-number")
        return super().get_context_data(
            form=form,
            page=page_of(shown, self.request.GET.get("page")),
            kinds=KINDS,
            reason=ReasonForm(),
            asked=self.request.GET.urlencode(),
            **kwargs,
        )


class PrintMany(ActingRequired, View):
    """Has everything the filter left printed as one job."""

    http_method_names = ["post"]

    def post(self, request):
        _form, papers = _narrowed(request, request.POST)
        reason = ReasonForm(request.POST)
        number = papers.filter(voiding=None, replaced_by=None)[: MOST + 1].count()
        if not reason.is_valid():
            messages.error(request, _("请写明理由，至少两个字"))
        elif not 0 < number <= MOST:
            messages.error(request, _("一次可打印1至%d份有效文书，请调整查询条件") % MOST)
        else:
            chosen = papers.filter(voiding=None, replaced_by=None)
            job = bundles.print_all(chosen, by=request.acting, reason=reason.cleaned_data["reason"])
            messages.success(request, _("已提交成批打印，共%d份") % number)
            return redirect("jobs:job", job.pk)
        return redirect("papers")


class Bundles(ActingRequired, TemplateView):
    """What a bulk print has made so far: one file for each office its letters are meant for."""

    template_name = "inbox/bundles.html"

    def get_context_data(self, job, **kwargs):
        made = Bundle.objects.filter(job=job, organisation=self.request.acting.organisation)
        return super().get_context_data(
            bundles=made.select_related("about").order_by("about__key", "volume"), **kwargs
        )


class FetchBundle(ActingRequired, View):
    """Hands out one file of a bulk print to the office that asked for it."""

    def get(self, request, job, bundle):
        found = get_object_or_404(Bundle, job=job, pk=bundle, organisation=request.acting.organisation)
        bundles.note_fetched(found, by=request.acting)
        return pdf_answer(bundles.read(found), f"{found}.pdf")
