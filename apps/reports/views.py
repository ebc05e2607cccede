"""基础台帐: who is managed now in an area, one person, who came and went; every export says what for."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from apps.audit.streams import record
from apps.cases.models import CaseItem
from apps.engine import registry
from apps.exchange import listing, long_lists
from apps.inbox.acting import ActingRequired, note_reading
from apps.inbox.views import page_of
from apps.organisations.models import Organisation
from apps.retirees import numbers
from apps.retirees.models import Identity, ManagementInterval, Retiree

from . import changes
from .area import KINDS, Area, last_interval, with_batch
from .forms import LedgerFilter, PeriodForm, PurposeForm

PAGE = 25
AT_ONCE = 10_000  # rows a page may wait for


class LedgerRequired(ActingRequired):
    """A view for the bodies that manage retirees, in their own area and what lies below it."""

    def dispatch(self, request, *args, **kwargs):
        acting = request.acting if request.user.is_authenticated else None
        if acting and acting.organisation.kind not in KINDS:
            raise PermissionDenied(_("基础台帐由街道（乡镇）、社区退管站和退管机构使用。"))
        return super().dispatch(request, *args, **kwargs)

    def own(self) -> Area:
        return Area(self.request.acting.organisation)

    def area(self) -> Area:
        """The body asked for, when it lies in one's own area; else nothing is there."""
        asked = self.request.GET.get("unit", "")
        if not asked:
            return self.own()
        body = (
            Organisation.objects.filter(pk=int(asked)).first()
            if asked.isdecimal() and len(asked) < 19
            else None
        )
        if body is None or not self.own().holds(body):
            raise Http404
        return Area(body)


class Ledger(LedgerRequired, TemplateView):
    """The people managed now, by name; the same few statements for three and for thirty thousand."""

    template_name = "reports/ledger.html"

    def get_context_data(self, **kwargs):
        area, form = self.area(), LedgerFilter(self.request.GET)
        note_reading(self.request, "read_ledger", unit=area.body.name)
        page = Paginator(people(area, form), PAGE).get_page(self.request.GET.get("page"))
        parts, total = area.parts(), area.managed().count()
        return super().get_context_data(
            area=area,
            path=above(area, self.own()),
            form=form,
            narrowed=bool(form.said("q") or form.said("care")),
            page=page,
            rows=[row(interval) for interval in page],
            parts=parts,
            total=total,
            sums_up=sum(part.heads for part in parts) == total,
            purpose=PurposeForm(),
            **kwargs,
        )


class Export(LedgerRequired, View):
    """The list as a workbook; who took it, what for and the digest of its content are recorded."""

    http_method_names = ["post"]

    def post(self, request):
        area, form, purpose = self.area(), LedgerFilter(request.GET), PurposeForm(request.POST)
        if not purpose.is_valid():
            return render(request, "reports/purpose.html", {"form": purpose, "area": area}, status=400)
        found = people(area, form)
        reason = purpose.cleaned_data["purpose"]
        facts = {
            "unit": area.body.name,
            "words": numbers.hidden(form.said("q")),
            "care": form.said("care"),
        }
        if found[: AT_ONCE + 1].count() > AT_ONCE:
            rows = found.values_list("pk", flat=True)[: long_lists.LARGEST]
            job = long_lists.put_off(
                "ledger", rows, form="xlsx", by=request.acting, facts=facts, reason=reason
            )
            return redirect("jobs:job", job.pk)
        written = listing.write("xlsx", columns(), map(cells, found))
        record(
            request.acting.user,
            "export",
            by=request.acting,
            reason=reason,
            given={"list": "ledger", "rows": written.rows, "digest": written.digest, **facts},
        )
        return attachment(written, f"ledger-{timezone.localdate():%Y%m%d}.xlsx")


class Person(LedgerRequired, View):
    """One person of the area: who they are, who looks after them, how they came."""

    def get(self, request, pk):
        return render(request, "reports/person.html", self.shown(pk))

    def shown(self, pk: int, **more) -> dict:
        retiree, last = self.theirs(pk)
        acting = self.request.acting
        note_reading(self.request, "read_ledger", retiree=retiree.pk)
        now = last.period.upper is None
        return {
            "retiree": retiree,
            "number": retiree.identity.masked,
            "interval": last,
            "managed": now,
            "phone": retiree.phone if now and acting.organisation.pk in (last.manager_id, last.station_id) else None,
            "intervals": retiree.intervals.select_related("manager", "station").order_by("-period"),
            "items": [
                (item, registry.of_row(item).stages[item.stage])
                for item in CaseItem.objects.filter(
                    retiree=retiree, case__participants__organisation=acting.organisation
                ).select_related("case__applicant", "organisation").order_by("-pk")
            ],
            "care": care(retiree),
            "purpose": PurposeForm(),
        } | more  # fmt: skip

    def theirs(self, pk: int) -> tuple[Retiree, ManagementInterval]:
        """The person and the interval that counts; nobody is there for an office that does not manage them."""
        last = last_interval(pk)
        if last is None or not self.own().intervals().filter(pk=last.pk).exists():
            raise Http404
        return Retiree.objects.select_related("identity", "enterprise").get(pk=pk), last


class Reveal(Person):
    """Shows the whole number once, for a purpose that is recorded."""

    http_method_names = ["post"]

    def post(self, request, pk):
        retiree, _last = self.theirs(pk)
        form = PurposeForm(request.POST)
        if not form.is_valid():
            return render(request, "reports/person.html", self.shown(pk, purpose=form), status=400)
        number = retiree.identity.reveal(by=request.acting, purpose=form.cleaned_data["purpose"])
        answer = render(request, "reports/person.html", self.shown(pk, revealed=number))
        answer.headers["Cache-Control"] = "no-store"
        return answer


class Changes(LedgerRequired, TemplateView):
    """人员增减变动台帐: the balance of a period, then each change."""

    template_name = "reports/changes.html"

    def get_context_data(self, **kwargs):
        area, form = self.area(), PeriodForm(self.request.GET)
        period = form.asked()
        note_reading(self.request, "read_ledger", unit=area.body.name)
        balance = changes.balance(area, **period)
        return super().get_context_data(
            area=area,
            path=above(area, self.own()),
            form=form,
            period=period,
            balance=balance,
            gained=balance.of(changes.INCREASES),
            lost=balance.of(changes.DECREASES),
            page=page_of(changes.lines(area, **period), self.request.GET.get("page")),
            **kwargs,
        )


def people(area: Area, form: LedgerFilter):
    """The open intervals of an area, narrowed by the form, in the order of names."""
    found = area.managed()
    if words := form.said("q"):
        found = found.filter(retiree__in=Retiree.objects.search(words))
    if category := form.said("care"):
        found = found.filter(retiree__facts__care_category__icontains=category)
    return told(found).order_by("retiree__name_pinyin", "retiree")


def told(intervals):
    """Intervals with everything a line of the ledger says."""
    found = intervals.select_related("retiree__identity", "retiree__enterprise", "station", "manager")
    return with_batch(found)


def row(interval) -> dict:
    """What the list shows of one person."""
    retiree = interval.retiree
    return {
        "interval": interval,
        "retiree": retiree,
        "age": age(retiree.identity),
        "number": retiree.identity.masked,
        "care": care(retiree),
        "batch": interval.batch,
    }


def columns() -> tuple:
    """The head of an exported list."""
    return (
        _("姓名"), _("性别"), _("出生日期"), _("公民身份号码"), _("管理街道（乡镇）"), _("退管站"), _("管理起始"),
        _("原企业"), _("移交批次"), _("照护类别"),
    )  # fmt: skip


def cells(interval) -> tuple:
    """One person as a line of an exported list, in the order of ``columns``."""
    retiree = interval.retiree
    return (
        retiree.name,
        retiree.identity.get_sex_display(),
        f"{retiree.identity.birth_date:%Y-%m-%d}",
        retiree.identity.masked,
        interval.manager.name,
        interval.station.name if interval.station else "",
        f"{timezone.localtime(interval.period.lower):%Y-%m-%d}",
        retiree.enterprise.name,
        interval.batch,
        "、".join(care(retiree)),
    )


def age(identity: Identity) -> int:
    """Full years today."""
    today, born = timezone.localdate(), identity.birth_date
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def care(retiree: Retiree) -> list[str]:
    """The person's care categories, in the reader's language."""
    said = retiree.facts.get("care_category") or []
    return [_(one) for one in (said.split("、") if isinstance(said, str) else said)]


def above(area: Area, own: Area) -> list[Organisation]:
    """The bodies between one's own and the one looked at, highest first."""
    between = [pk for pk in area.body.lineage if pk != area.body.pk]
    if area.body.pk == own.body.pk:
        return []
    between = between[: between.index(own.body.pk) + 1]
    found = Organisation.objects.in_bulk(between)
    return [found[pk] for pk in reversed(between)]


def attachment(written: listing.Listing, name: str) -> HttpResponse:
    """A list as a file to keep."""
    answer = HttpResponse(written.content, content_type=written.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
