"""履历: events across cases, one event whole, everything that happened to one person; verifying; taking away."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView, View

from apps.audit import verify
from apps.audit.models import Event, EventItem
from apps.audit.streams import record
from apps.cases.models import Case
from apps.engine import registry
from apps.exchange import listing, long_lists
from apps.fees.models import Charge, FeeAssessment
from apps.inbox.acting import ActingRequired, note_reading
from apps.inbox.sight import rows_seen
from apps.inbox.views import page_of
from apps.retirees.models import Retiree

from . import sight
from .forms import HistoryFilter, about
from .telling import COLUMNS, Told, cells, sealed_by, told

AT_ONCE = 10_000  # rows a page may wait for
PEOPLE_SHOWN = 50
LONGEST_LIFE = 500
KINDS = {
    sight.BUSINESS: pgettext_lazy("履历", "办理"),
    sight.READINGS: gettext_lazy("登录与查阅"),
    sight.BODIES: gettext_lazy("机构与岗位"),
    sight.RULES: gettext_lazy("规则"),
    sight.ACCOUNTS: gettext_lazy("账号"),
    sight.PROPOSALS: gettext_lazy("变更申请"),
}


class Events(ActingRequired, TemplateView):
    """Events newest first; the same few statements whatever there is."""

    template_name = "histories/events.html"

    def get_context_data(self, **kwargs):
        acting, kind = self.request.acting, kind_of(self.request)
        form = HistoryFilter(self.request.GET, kind=kind)
        note_reading(self.request, "read_history", kind=kind, **form.narrowed)
        page = page_of(chosen(form, acting, kind), self.request.GET.get("page"))
        return super().get_context_data(
            form=form,
            kind=kind,
            tabs=[(name, KINDS[name], name == kind) for name in sight.kinds_seen(acting)],
            page=page,
            lines=told(page.object_list, acting),
            case=_one_case(form, acting, kind),
            retirees=_retirees(form, acting, kind),
            auditor=audits(acting),
            exports=_exports(acting),
            **kwargs,
        )


class OneEvent(ActingRequired, TemplateView):
    """One event with everything it holds: moments, rules, evidence, people moved, hashes, seal."""

    template_name = "histories/event.html"

    def get_context_data(self, pk, **kwargs):
        acting = self.request.acting
        event = sight.any_event_seen(acting, pk)
        if event is None:
            raise Http404
        note_reading(self.request, "read_history", event=str(event))
        (one,) = told([event], acting)
        people = _people(event, acting)
        return super().get_context_data(
            one=one,
            event=event,
            entry=one.entry,
            seal=sealed_by(event),
            people=people[:PEOPLE_SHOWN],
            more=max(0, event.items_count - PEOPLE_SHOWN) if len(people) > PEOPLE_SHOWN else 0,
            same_act=told(
                sight.events_seen(acting).filter(act=event.act).exclude(pk=event.pk).order_by("id")[:20],
                acting,
            ),
            **kwargs,
        )


class Person(ActingRequired, TemplateView):
    """Everything that happened to one retiree: as a person of a case, with the file, with the fee."""

    template_name = "histories/person.html"

    def get_context_data(self, pk, **kwargs):
        acting = self.request.acting
        retiree = get_object_or_404(Retiree.objects.select_related("identity", "enterprise"), pk=pk)
        if not sight.sees(acting, retiree):
            raise Http404
        record(acting.user, "read_history", by=acting, given={"retiree": retiree.pk})
        events = list(_life(retiree, acting)[:LONGEST_LIFE])
        cases = (
            Case.objects.seen_by(acting)
            .filter(items__retiree=retiree)
            .select_related("applicant")
            .order_by("-pk")
        )
        return super().get_context_data(
            retiree=retiree,
            lines=told(events, acting),
            streams=sorted({f"{event.stream}/{event.stream_id}" for event in events}),
            intervals=sight.intervals_seen(acting, retiree),
            cases=[(case, registry.of_row(case).stages[case.stage]) for case in cases],
            **kwargs,
        )


class Verify(ActingRequired, View):
    """Proves that what was recorded is unaltered: some streams, or, for an auditor, the whole trail."""

    http_method_names = ["post"]

    def post(self, request):
        streams = request.POST.getlist("stream")[:20]
        if not streams and not audits(request.acting):
            raise PermissionDenied(_("全部履历由审计员校验；您可在案件或人员的履历页校验该件。"))
        for stream in streams:
            name, _slash, number = stream.partition("/")
            known = number.isdecimal() and len(number) < 19
            if not known or not sight.may_verify(request.acting, name, int(number)):
                raise Http404
        reports = [verify.verify(stream) for stream in streams or [""]]
        sound = all(report.ok for report in reports)
        record(
            request.acting.user,
            "verify",
            by=request.acting,
            given={"streams": streams, "sound": sound, "events": sum(report.events for report in reports)},
        )
        return render(
            request,
            "histories/verified.html",
            {
                "reports": reports,
                "sound": sound,
                "whole": not streams,
                "places": _places_of(streams, request.acting),
            },
        )


class Export(ActingRequired, View):
    """The filtered events as csv or xlsx; rows and digest are recorded with whoever takes them."""

    http_method_names = ["post"]

    def post(self, request):
        acting, kind = request.acting, kind_of(request)
        form = HistoryFilter(request.GET, kind=kind)
        wanted = request.POST.get("form")
        if wanted not in listing.MEDIA:
            raise Http404
        found, facts = chosen(form, acting, kind), {"kind": kind, **form.narrowed}
        if found[: AT_ONCE + 1].count() > AT_ONCE:
            rows = found.values_list("pk", flat=True)[: long_lists.LARGEST]
            return redirect(
                "jobs:job", long_lists.put_off("histories", rows, form=wanted, by=acting, facts=facts).pk
            )
        written = listing.write(wanted, [str(title) for title in COLUMNS], map(cells, told(found, acting)))
        record(
            acting.user,
            "export",
            by=acting,
            given={"list": "histories", "rows": written.rows, "digest": written.digest, **facts},
        )
        answer = HttpResponse(written.content, content_type=written.media)
        name = f"histories-{timezone.localtime():%Y%m%d-%H%M%S}.{wanted}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer


def audits(acting) -> bool:
    return acting.role in sight.KINDS_OF


def kind_of(request) -> str:
    """Which kind of events is asked for; only whoever audits has a choice."""
    asked, kinds = request.GET.get("kind", ""), sight.kinds_seen(request.acting)
    return asked if asked in kinds else kinds[0]


def chosen(form: HistoryFilter, acting, kind: str):
    """The events the form asks for among those this post may read, newest first."""
    return form.apply(sight.events_seen(acting, kind), acting).order_by("-recorded_at", "-id")


def _life(retiree: Retiree, acting):
    """Events that moved the person's own rows, and the fees the person stands in."""
    found = about(Retiree.objects.filter(pk=retiree.pk), acting)
    for model in registry.machines():
        if model._meta.concrete_model is FeeAssessment:
            charged = Charge.objects.filter(retiree=retiree).values("assessment")
            rows = rows_seen(model, acting).filter(pk__in=charged).values("pk")
            found |= Q(
                machine=model._meta.model_name,
                pk__in=EventItem.objects.filter(row_id__in=rows).values("event"),
            )
    return Event.objects.filter(found).order_by("-recorded_at", "-id")


def _people(event: Event, acting) -> list:
    """The people an event moved, as far as this office may see them, one more than is shown."""
    for model, rows in sight.machines_about(acting):
        if model._meta.model_name == event.machine:
            moved = EventItem.objects.filter(event=event.pk).values("row_id")
            seen = rows.filter(pk__in=moved).values(model.person)
            return list(Retiree.objects.filter(pk__in=seen).select_related("identity")[: PEOPLE_SHOWN + 1])
    return []


def _one_case(form: HistoryFilter, acting, kind: str):
    """The case a search for a number means, when it means one."""
    if kind != sight.BUSINESS or not form.said("case"):
        return None
    found = list(Case.objects.seen_by(acting).filter(number__icontains=form.said("case"))[:2])
    return found[0] if len(found) == 1 else None


def _retirees(form: HistoryFilter, acting, kind: str) -> list[Retiree]:
    """The people a search for a name or number means, as far as this office may see them."""
    if kind != sight.BUSINESS or not form.said("retiree"):
        return []
    seen = Q(pk__in=[])
    for model, rows in sight.machines_about(acting):
        seen |= Q(pk__in=rows.values(model.person))
    found = Retiree.objects.search(form.said("retiree")).filter(seen)
    return list(found.select_related("identity", "enterprise")[:12])


def _exports(acting) -> list[Told]:
    """What this person took away last, with its digests."""
    own = Event.objects.filter(stream=acting.user.STREAM, stream_id=acting.user.pk, move="export")
    return told(own.filter(given__list="histories").order_by("-seq")[:5], acting)


def _places_of(streams: list[str], acting) -> list[str]:
    """What the verified streams are, in words where they are cases."""
    ids = [int(stream.partition("/")[2]) for stream in streams if stream.startswith(f"{Case.STREAM}/")]
    numbers = dict(Case.objects.seen_by(acting).filter(pk__in=ids).values_list("pk", "number"))
    return [
        numbers.get(int(number), stream) if name == Case.STREAM else stream
        for stream in streams
        for name, _slash, number in [stream.partition("/")]
    ]
