"""企业登记: an enterprise asks for an account, or its authority's clerk enters it; a second person confirms."""

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.core.cache import cache
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from apps.audit.streams import record
from apps.inbox.views import page_of
from apps.organisations import second_person
from apps.organisations.choices import Role
from apps.organisations.models import Post
from apps.organisations.proposal import Proposal
from apps.organisations.refusals import NotChanged

from .access import RoleRequired, enterprises_of, hands_over, proposals_seen
from .enterprise_forms import EnterpriseForm, LiaisonForm

KIND = "enterprise"
# So many requests from outside may wait; a flood stops here and not at the offices.
MOST_WAITING = 500
# So many one address may send within an hour, counted by each web process: nobody fills the 500 alone.
MOST_FROM_ONE, HOUR = 10, 3600
AUTHORITY = frozenset({Role.RMO_CLERK, Role.RMO_REVIEWER})


class Register(FormView):
    """Open to everybody: an enterprise asks to be registered."""

    template_name = "administration/register.html"
    form_class = EnterpriseForm

    def form_valid(self, form):
        if Proposal.objects.waiting().filter(kind=KIND, author=None).count() >= MOST_WAITING:
            form.add_error(None, _("待确认的登记申请过多，请稍后再试，或直接联系受理机构。"))
            return self.form_invalid(form)
        sent = f"registrations-{get_client_ip_address(self.request)}"
        cache.add(sent, 0, HOUR)
        if cache.incr(sent) > MOST_FROM_ONE:
            form.add_error(None, _("本网络地址一小时内提交的登记申请过多，请稍后再试，或直接联系受理机构。"))
            return self.form_invalid(form)
        office = form.cleaned_data["authority"]
        try:
            proposal = second_person.propose(
                KIND, [form.line()], by=None, office=office, subject=form.subject()
            )
        except NotChanged as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        return render(
            self.request, "administration/registered.html", {"number": proposal.pk, "office": office}
        )


class Enterprises(RoleRequired, TemplateView):
    """The enterprises that file with this office, and who asks to."""

    template_name = "administration/enterprises.html"
    roles = AUTHORITY

    def get_context_data(self, **kwargs):
        acting, asked = self.request.acting, self.request.GET.get("q", "").strip()[:60]
        held = Prefetch("posts", Post.objects.held().select_related("user"), to_attr="held")
        found = enterprises_of(acting).prefetch_related(held).order_by("key")
        if asked:
            found = found.named(asked) | found.filter(enterprise__uscc=asked.upper())
        waiting = proposals_seen(acting).waiting().filter(kind=KIND).select_related("author")
        return super().get_context_data(
            asked=asked,
            page=page_of(found, self.request.GET.get("page")),
            waiting=[(one, one.changes[0]) for one in waiting],
            may_enter=acting.role == Role.RMO_CLERK,
            **kwargs,
        )


class Enter(RoleRequired, FormView):
    """The authority's clerk enters an enterprise for a reviewer to confirm."""

    template_name = "administration/propose.html"
    form_class = EnterpriseForm
    roles = frozenset({Role.RMO_CLERK})
    extra_context = {"back": "administration:enterprises"}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"authority": self.request.acting.organisation}

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=_("录入企业"), **kwargs)

    def form_valid(self, form):
        try:
            proposal = second_person.propose(
                KIND, [form.line()], by=self.request.acting, subject=form.subject()
            )
        except NotChanged as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("已录入，待本机构审核人员确认。"))
        return redirect("administration:proposal", proposal.pk)


class OneEnterprise(RoleRequired, FormView):
    """One enterprise: what is known of it, whom to reach there, and its accounts."""

    template_name = "administration/enterprise.html"
    form_class = LiaisonForm
    roles = AUTHORITY

    @cached_property
    def body(self):
        return get_object_or_404(enterprises_of(self.request.acting), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.body.enterprise}

    def get_context_data(self, **kwargs):
        acting = self.request.acting
        posts = list(Post.objects.held().filter(organisation=self.body).select_related("user").order_by("pk"))
        return super().get_context_data(
            body=self.body,
            posts=[(post, hands_over(acting, post.user) if post.user.invited_at else "") for post in posts],
            **kwargs,
        )

    def form_valid(self, form):
        form.save()
        record(self.body, "liaison", by=self.request.acting)
        messages.success(self.request, _("联系方式已更新。"))
        return redirect("administration:enterprise", self.body.pk)
