"""系统管理: what this administrator may do and what waits, and how the system itself is doing."""

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta

import django
import viewflow
from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from apps.audit.models import Event, Seal
from apps.audit.streams import now
from apps.cases.models import Participant
from apps.jobs import operating
from apps.organisations.choices import Role
from apps.organisations.models import SignedIn, User

from . import locks
from .access import RoleRequired, waiting_for

LATE_SEAL = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """A way from the desk: its title, what is done there, and how much waits."""

    title: str
    does: str
    url: str
    waiting: int = 0


class Home(RoleRequired, TemplateView):
    """The administrators' desk."""

    template_name = "administration/home.html"

    def get_context_data(self, **kwargs):
        acting = self.request.acting
        invited = User.objects.filter(is_active=True, invited_at__isnull=False).count()
        entries = [
            Entry(
                _("变更申请"),
                _("提出的、待批准的和已办结的变更"),
                reverse("administration:proposals"),
                waiting_for(acting).count(),
            ),
            Entry(
                _("人员与岗位"),
                _("账号、任职、离岗、登录与锁定"),
                reverse("administration:people"),
                invited if acting.role != Role.AUDIT_ADMIN else 0,
            ),
            Entry(_("机构"), _("设立、更名、划转、撤销"), reverse("administration:bodies")),
            Entry(_("行政区划"), _("名称与归属的变更"), reverse("administration:divisions")),
            Entry(_("运行情况"), _("版本、存储、封存、期限"), reverse("administration:overview")),
        ]
        if operating.may(acting):
            entries.append(Entry(_("后台任务"), _("排队、失败和重试"), reverse("jobs:operator")))
        if acting.role == Role.AUDIT_ADMIN:
            entries.append(Entry(_("管理履历"), _("谁在何时作了什么变更"), reverse("histories:events")))
        return super().get_context_data(entries=entries, **kwargs)


class Overview(RoleRequired, TemplateView):
    """Versions, room, seals, clocks: numbers of the system, nothing of a case."""

    template_name = "administration/overview.html"

    def get_context_data(self, **kwargs):
        at = now()
        seal = Seal.objects.order_by("-number").first()
        disk = shutil.disk_usage(settings.TUIGUAN_DATA)
        return super().get_context_data(
            versions=_versions(),
            database=_size(),
            disk={"free": disk.free, "total": disk.total, "low": disk.free < disk.total / 10},
            seal=seal,
            seal_late=seal is None or at - seal.taken_at > LATE_SEAL,
            unsealed=Event.objects.filter(pk__gt=seal.ceiling if seal else 0).count(),
            clocks=_clocks(at),
            sessions=SignedIn.objects.filter(expire_date__gt=timezone.now(), user__isnull=False).count(),
            locked=len(locks.locked()),
            operates=operating.may(self.request.acting),
            **kwargs,
        )


def _versions() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [server] = cursor.fetchone()
    return [
        ("PostgreSQL", server),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("Viewflow", viewflow.__version__),
    ]


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def _clocks(at) -> dict[str, int]:
    """How many deadlines have passed, fall within a day, or later: of offices, one for each case and office."""
    waiting = Participant.objects.filter(open=True, due_at__isnull=False)
    soon = at + timedelta(days=1)
    return waiting.aggregate(
        late=Count("pk", filter=Q(due_at__lt=at)),
        soon=Count("pk", filter=Q(due_at__gte=at, due_at__lt=soon)),
        later=Count("pk", filter=Q(due_at__gte=soon)),
    )
