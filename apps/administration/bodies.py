"""机构与区划: the bodies of the network one by one, and the list of divisions."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from apps.inbox.views import page_of
from apps.organisations.choices import ENTERPRISE_SIDE, Role
from apps.organisations.models import Division, Organisation, Post
from apps.organisations.offices import GUIDES

from .access import RoleRequired


class Bodies(RoleRequired, TemplateView):
    """The bodies of the network; enterprises are their authorities' to register."""

    template_name = "administration/bodies.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET.get("q", "").strip()[:60]
        found = Organisation.objects.exclude(kind__in=ENTERPRISE_SIDE).select_related("superior")
        if asked:
            found = found.filter(Q(key__istartswith=asked) | Q(pk__in=Organisation.objects.named(asked)))
        return super().get_context_data(
            asked=asked,
            page=page_of(found.order_by("key"), self.request.GET.get("page")),
            may_propose=self.request.acting.role == Role.SYS_ADMIN,
            **kwargs,
        )


class Body(RoleRequired, TemplateView):
    """One body: its place, its names, who works there."""

    template_name = "administration/body.html"

    def get_context_data(self, pk, **kwargs):
        body = get_object_or_404(Organisation.objects.select_related("superior", "division"), pk=pk)
        return super().get_context_data(
            body=body,
            names=body.names.order_by("-valid"),
            posts=Post.objects.held().filter(organisation=body).select_related("user").order_by("role", "pk"),
            guided=body.guided.filter(active_until=None).order_by("key"),
            movable=body.kind in GUIDES,
            may_propose=self.request.acting.role == Role.SYS_ADMIN and body.active_until is None,
            **kwargs,
        )


class Divisions(RoleRequired, TemplateView):
    """The city's divisions of today, with how many bodies serve each."""

    template_name = "administration/divisions.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET.get("q", "").strip()[:60]
        found = Division.objects.filter(code__startswith="4452", valid__upper_inf=True)
        if asked:
            found = found.filter(Q(code__startswith=asked) | Q(name__icontains=asked))
        serving = dict(
            Organisation.objects.active()
            .filter(division__code__startswith="4452")
            .values_list("division__code")
            .annotate(Count("pk"))
            .order_by()
        )
        page = page_of(found.order_by("code"), self.request.GET.get("page"))
        return super().get_context_data(
            asked=asked,
            page=page,
            lines=[(division, serving.get(division.code, 0)) for division in page.object_list],
            may_propose=self.request.acting.role == Role.SYS_ADMIN,
            **kwargs,
        )
