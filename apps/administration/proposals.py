"""变更申请: proposing a change, reading what is proposed, and deciding on it as the second person."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from apps.inbox.acting import ActingRequired
from apps.inbox.views import page_of
from apps.organisations import second_person
from apps.organisations.choices import ADMINISTRATORS, Role
from apps.organisations.models import Organisation
from apps.organisations.refusals import NotChanged
from apps.organisations.second_person import KINDS

from .access import RoleRequired, proposals_seen
from .forms import FORMS

SENTENCES = 100


class Proposals(RoleRequired, TemplateView):
    """Proposals, those that wait first."""

    template_name = "administration/proposals.html"
    roles = ADMINISTRATORS | {Role.RMO_CLERK, Role.RMO_REVIEWER, Role.RMO_HEAD}

    def get_context_data(self, **kwargs):
        show = self.request.GET.get("show", "")
        acting = self.request.acting
        found = proposals_seen(acting).select_related("author", "decided_by", "office")
        found = found.exclude(decision="") if show == "decided" else found.waiting()
        page = page_of(found, self.request.GET.get("page"))
        lines = [(proposal, KINDS[proposal.kind].title) for proposal in page.object_list]
        at_desk = acting.role in ADMINISTRATORS
        return super().get_context_data(page=page, lines=lines, show=show, at_desk=at_desk, **kwargs)


class OneProposal(ActingRequired, TemplateView):
    """One proposal, sentence by sentence; who may decide on it does so here."""

    template_name = "administration/proposal.html"

    def get_context_data(self, pk, **kwargs):
        acting = self.request.acting
        proposal = get_object_or_404(
            proposals_seen(acting).select_related("author", "decided_by", "office"), pk=pk
        )
        kind = KINDS[proposal.kind]
        page = Paginator(proposal.changes, SENTENCES).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            proposal=proposal,
            title=kind.title,
            approver=kind.approver.label,
            page=page,
            sentences=kind.says(list(page)),
            first=page.start_index(),
            digest=second_person.digest(proposal.changes),
            may_decide=second_person.may_decide(proposal, acting) and proposal.author_id != acting.user.pk,
            may_withdraw=not proposal.decision and proposal.author_id == acting.user.pk,
            **kwargs,
        )

    def post(self, request, pk):
        proposal = get_object_or_404(proposals_seen(request.acting), pk=pk)
        try:
            said = self._decide(proposal, request)
        except NotChanged as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, said)
        return redirect("administration:proposal", pk)

    @staticmethod
    def _decide(proposal, request) -> str:
        wanted, by = request.POST.get("decision"), request.acting
        if wanted == "approve":
            second_person.approve(proposal, by=by)
            return _("已批准，变更已生效。")
        if wanted == "refuse":
            second_person.refuse(proposal, by=by, reason=request.POST.get("reason", "").strip()[:200])
            return _("已退回。")
        if wanted == "withdraw":
            second_person.withdraw(proposal, by=by)
            return _("已撤回。")
        raise Http404


class Propose(RoleRequired, FormView):
    """One change of one kind, entered by hand; what the address says is filled in."""

    template_name = "administration/propose.html"
    roles = frozenset({Role.SYS_ADMIN})

    def dispatch(self, request, *args, **kwargs):
        if kwargs["kind"] not in FORMS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return FORMS[self.kwargs["kind"]]

    def get_initial(self):
        asked = self.request.GET
        return {name: asked[name] for name in self.get_form_class().base_fields if name in asked}

    def get_context_data(self, **kwargs):
        about = self.request.GET.get("organisation", "")
        body = (
            Organisation.objects.filter(pk=about).first() if about.isdecimal() and len(about) < 18 else None
        )
        return super().get_context_data(title=KINDS[self.kwargs["kind"]].title, about=body, **kwargs)

    def form_valid(self, form):
        try:
            proposal = second_person.propose(
                self.kwargs["kind"], [form.line()], by=self.request.acting, subject=form.subject()
            )
        except NotChanged as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("已提出，待%s批准后生效。") % KINDS[proposal.kind].approver.label)
        return redirect("administration:proposal", proposal.pk)
