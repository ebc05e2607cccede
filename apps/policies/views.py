"""The register's pages: documents, clauses with their proofs, rules with their standing."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, TemplateView, View

from apps.audit.streams import now
from apps.calendar.models import HolidayNotice
from apps.calendar.workdays import LAST_YEAR
from apps.organisations import second_person
from apps.organisations.proposal import Proposal
from apps.organisations.refusals import NotChanged
from apps.policies import holidays, lineage, proofs, rules
from apps.policies.forms import AsOfForm, DocumentForm, NoticeForm, ProposeForm
from apps.policies.models import Clause, Document, Rule


class Documents(LoginRequiredMixin, TemplateView):
    """Every document of the register, with what it rests on and what rests on it."""

    template_name = "policies/documents.html"

    def get_context_data(self, **kwargs):
        documents = Document.objects.prefetch_related("basis", "basis_of").order_by(
            F("issued_on").desc(nulls_last=True), "number"
        )
        acting = self.request.acting
        waiting = Proposal.objects.waiting().filter(kind="document").select_related("author")
        return super().get_context_data(
            documents=documents,
            waiting=waiting if rules.may(acting, rules.AUTHOR) or rules.may(acting, rules.APPROVER) else [],
            may_enter=rules.may(acting, rules.AUTHOR),
            **kwargs,
        )


class AuthorRequired(LoginRequiredMixin):
    """A view for whoever enters rules and documents."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not rules.may(request.acting, rules.AUTHOR):
            raise PermissionDenied(_("规则和政策文件由市退管机构审核人员录入。"))
        return super().dispatch(request, *args, **kwargs)


class EnterDocument(AuthorRequired, FormView):
    """Enter a document for a second person to approve."""

    template_name = "policies/enter_document.html"
    form_class = DocumentForm

    def form_valid(self, form):
        try:
            second_person.propose(
                "document", [form.line()], by=self.request.acting, subject=form.cleaned_data["number"]
            )
        except NotChanged as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("已录入，待另一人核准后登记。"))
        return redirect("policies:documents")


class Clauses(LoginRequiredMixin, TemplateView):
    """The clauses of the plan, what the system must do, and which tests prove that it does."""

    template_name = "policies/clauses.html"

    def get_context_data(self, **kwargs):
        proved = proofs.read()
        clauses = list(Clause.objects.select_related("document"))
        for clause in clauses:
            clause.proofs = proved.get(clause.code, [])
        shown = {"proved": [c for c in clauses if c.proofs], "open": [c for c in clauses if not c.proofs]}
        wanted = self.request.GET.get("show", "")
        return super().get_context_data(
            clauses=shown.get(wanted, clauses),
            show=wanted if wanted in shown else "",
            total=len(clauses),
            proved=len(shown["proved"]),
            **kwargs,
        )


class Rules(LoginRequiredMixin, TemplateView):
    """The rules in force on a day, and those that wait for a second person."""

    template_name = "policies/rules.html"

    def get_context_data(self, **kwargs):
        form = AsOfForm(self.request.GET)
        on = (form.is_valid() and form.cleaned_data["on"]) or timezone.localdate(now())
        waiting = Rule.objects.filter(approved_at=None).select_related("basis", "author").order_by("id")
        return super().get_context_data(
            form=form,
            on=on,
            rules=rules.in_force(on).select_related("basis").order_by("key", "scope"),
            waiting=waiting,
            may_propose=rules.may(self.request.acting, rules.AUTHOR),
            **kwargs,
        )


class RuleDetail(LoginRequiredMixin, DetailView):
    """One rule row: its value, its period, and the documents it rests on up to the highest."""

    template_name = "policies/rule.html"
    queryset = Rule.objects.select_related("basis", "author", "approver")

    def get_context_data(self, **kwargs):
        rule = self.object
        return super().get_context_data(
            lineage=lineage.above(rule.basis) if rule.basis else [],
            others=Rule.objects.filter(key=rule.key, scope=rule.scope).exclude(pk=rule.pk).order_by("valid"),
            may_approve=rule.approved_at is None and rules.may(self.request.acting, rules.APPROVER),
            **kwargs,
        )


class Propose(AuthorRequired, FormView):
    """Enter a rule row for a second person to approve."""

    template_name = "policies/propose.html"
    form_class = ProposeForm

    def form_valid(self, form):
        said = form.cleaned_data
        try:
            rule = rules.propose(said.pop("key"), said.pop("amount"), by=self.request.acting, **said)
        except rules.RuleRefused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("已录入，待另一人核准后适用。"))
        return redirect("policies:rule", rule.pk)


class Approve(LoginRequiredMixin, View):
    """Let a proposed row apply."""

    http_method_names = ["post"]

    def post(self, request, pk):
        rule = get_object_or_404(Rule, pk=pk)
        try:
            rules.approve(rule, by=request.acting)
        except rules.RuleRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已核准，自生效日期起适用。"))
        return redirect("policies:rule", pk)


class Holidays(LoginRequiredMixin, TemplateView):
    """The notices on holidays that this installation has entered, and those that wait for a second person."""

    template_name = "policies/holidays.html"

    def get_context_data(self, **kwargs):
        notices = HolidayNotice.objects.select_related("author", "approver").prefetch_related("days")
        return super().get_context_data(
            notices=notices.order_by("-id"),
            published=LAST_YEAR,
            may_propose=rules.may(self.request.acting, rules.AUTHOR),
            may_approve=rules.may(self.request.acting, rules.APPROVER),
            **kwargs,
        )


class ProposeHolidays(LoginRequiredMixin, FormView):
    """Enter a notice on holidays for a second person to approve."""

    template_name = "policies/propose_holidays.html"
    form_class = NoticeForm

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not rules.may(request.acting, rules.AUTHOR):
            raise PermissionDenied(_("放假安排由市退管机构审核人员录入。"))
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            holidays.propose(by=self.request.acting, **form.cleaned_data)
        except holidays.NoticeRefused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("已录入，待另一人核准后适用。"))
        return redirect("policies:holidays")


class ApproveHolidays(LoginRequiredMixin, View):
    """Let a notice on holidays count."""

    http_method_names = ["post"]

    def post(self, request, pk):
        notice = get_object_or_404(HolidayNotice, pk=pk)
        try:
            holidays.approve(notice, by=request.acting)
        except holidays.NoticeRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已核准，未办结事项的期限随即重算。"))
        return redirect("policies:holidays")
