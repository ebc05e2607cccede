"""The network of bodies as a page: who serves which place, what is missing, and a search by name."""

from itertools import groupby
from operator import attrgetter

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Q
from django.utils import timezone
from django.views.generic import TemplateView

from apps.audit.streams import now
from apps.organisations import tree
from apps.organisations.choices import OrgKind
from apps.organisations.models import Organisation

NETWORK = [OrgKind.RMO, OrgKind.STREET_RMO, OrgKind.COMMUNITY_STATION]
MOST_FOUND = 50


class Network(LoginRequiredMixin, TemplateView):
    """两级政府、三级管理、四级服务: county offices with their streets, and the gaps."""

    template_name = "organisations/network.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate(now())
        asked = self.request.GET.get("q", "").strip()
        found = (
            Organisation.objects.active(today)
            .filter(kind__in=NETWORK)
            .named(asked)
            .select_related("superior")
            .order_by("key")
        )
        gaps = sorted(tree.gaps(today), key=attrgetter("county", "place"))
        return super().get_context_data(
            asked=asked,
            found=found[:MOST_FOUND] if asked else [],
            offices=_offices(today),
            gaps=[(county, list(group)) for county, group in groupby(gaps, key=attrgetter("county"))],
            gap_count=len(gaps),
            **kwargs,
        )


def _offices(today) -> list[tuple[Organisation, list[Organisation]]]:
    """Each office of city and county, with the street offices it guides and how many stations each has."""
    active = Organisation.objects.active(today)
    stations = Count("guided", filter=Q(guided__kind=OrgKind.COMMUNITY_STATION, guided__active_until=None))
    streets = list(active.filter(kind=OrgKind.STREET_RMO).annotate(stations=stations).order_by("key"))
    return [
        (office, [street for street in streets if street.superior_id == office.pk])
        for office in active.filter(kind=OrgKind.RMO).order_by("key")
    ]
