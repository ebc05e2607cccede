"""人员: who has an account, which posts they hold, whether they can sign in, and what a leaver leaves behind."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from viewflow.workflow import STATUS

from apps.audit.streams import record
from apps.cases.models import Task
from apps.engine import registry
from apps.inbox.acting import ActingRequired, back
from apps.inbox.views import page_of
from apps.organisations import invitations
from apps.organisations.choices import ADMINISTRATORS, Role
from apps.organisations.models import Post, SignedIn, User, today
from apps.organisations.refusals import NotChanged

from . import locks
from .access import CODE, LINK, RoleRequired, hands_over
from .forms import choice

SHOWS = (
    ("", gettext_lazy("全部在岗人员")),
    ("invited", gettext_lazy("待设密码")),
    ("administrators", gettext_lazy("三类管理员")),
    ("idle", gettext_lazy("没有岗位")),
    ("locked", gettext_lazy("暂时锁定")),
    ("left", gettext_lazy("已离岗")),
)


class PeopleFilter(forms.Form):
    """People by name, account or body, and by what is to be done about them."""

    q = forms.CharField(
        label=gettext_lazy("姓名、账号或机构"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"class": "form-control", "type": "search", "placeholder": gettext_lazy("姓名、账号或机构")}
        ),
    )
    show = choice(gettext_lazy("范围"), SHOWS, required=False)

    def apply(self, people):
        """The people asked for, by name."""
        self.is_valid()
        words, show = self.cleaned_data.get("q", ""), self.cleaned_data.get("show", "")
        held = Post.objects.held()
        narrower = {
            "invited": Q(invited_at__isnull=False),
            "administrators": Q(pk__in=held.filter(role__in=ADMINISTRATORS).values("user")),
            "idle": ~Q(pk__in=held.values("user")),
            "locked": Q(username__in=locks.locked()),
        }
        people = people.filter(narrower.get(show, Q()), is_active=show != "left")
        if words:
            there = held.filter(organisation__name__icontains=words).values("user")
            people = people.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(pk__in=there))
        return people.order_by("name", "pk")

    @property
    def narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)


class People(RoleRequired, TemplateView):
    """Everybody with an account: the same few statements whatever their number."""

    template_name = "administration/people.html"

    def get_context_data(self, **kwargs):
        form = PeopleFilter(self.request.GET)
        posts = Prefetch("posts", Post.objects.held().select_related("organisation"), to_attr="held")
        page = page_of(form.apply(User.objects.prefetch_related(posts)), self.request.GET.get("page"))
        return super().get_context_data(
            form=form,
            page=page,
            resting=locks.locked(),
            may_propose=self.request.acting.role == Role.SYS_ADMIN,
            **kwargs,
        )


class Person(RoleRequired, TemplateView):
    """One person: posts, open work, sessions."""

    template_name = "administration/person.html"

    def get_context_data(self, pk, **kwargs):
        acting = self.request.acting
        person = get_object_or_404(User, pk=pk)
        return super().get_context_data(
            person=person,
            posts=person.posts.select_related("organisation")
            .annotate(over=Q(valid_until__lte=today()))
            .order_by("-valid_from", "-pk"),
            work=open_work(person),
            sessions=SignedIn.objects.filter(user=person).order_by("-expire_date"),
            resting=locks.locked(),
            hands=hands_over(acting, person) if person.invited_at and person.is_active else "",
            may_propose=acting.role == Role.SYS_ADMIN and person.is_active and person.pk != acting.user.pk,
            may_end=acting.role in Keep.roles,
            **kwargs,
        )


class Keep(RoleRequired, View):
    """What one administrator does at once, for it takes nobody's rights: end sessions, lift a lock."""

    http_method_names = ["post"]
    roles = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN})

    def post(self, request, pk):
        person = get_object_or_404(User, pk=pk)
        deed = request.POST.get("deed")
        if deed == "end_sessions":
            count, _tables = SignedIn.objects.filter(user=person).delete()
            messages.success(request, _("已结束 %d 处登录。") % count)
        elif deed == "unlock":
            locks.lift(person.username)
            messages.success(request, _("已解除锁定。"))
        else:
            raise Http404
        record(person, deed, by=request.acting)
        return redirect("administration:person", pk)


class HandOver(ActingRequired, View):
    """Shows the link or the code by which an invited person chooses a password: each role one of them."""

    http_method_names = ["post"]

    def post(self, request, pk):
        person = get_object_or_404(User, pk=pk)
        part = hands_over(request.acting, person)
        try:
            if part == LINK:
                address = reverse("set_password", args=invitations.link(person, by=request.acting))
                secret = request.build_absolute_uri(address)
            elif part == CODE:
                secret = invitations.code(person, by=request.acting)
            else:
                raise Http404
        except NotChanged as refused:
            messages.error(request, str(refused))
            return redirect(back(request))
        return render(
            request, "administration/handover.html", {"person": person, "part": part, "secret": secret}
        )


def open_work(person: User) -> list[tuple[str, str, int]]:
    """What a person has claimed and not decided: process, stage and number, without naming a case."""
    claimed = Task.objects.filter(owner=person, status=STATUS.ASSIGNED)
    counts = claimed.values_list("process__process", "process__stage").annotate(count=Count("pk")).order_by()
    found = []
    for process, stage, count in counts:
        machine = registry.machine(process)
        found.append((machine._meta.verbose_name, machine.stages[stage].title, count))
    return found
