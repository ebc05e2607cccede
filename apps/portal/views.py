"""企业申报: an enterprise's batches, and the roster of a batch from upload to filing."""

import io
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from apps.cases.opening import open_once, opened
from apps.engine import registry
from apps.engine.door import Refused
from apps.exchange import listing, template, uploads
from apps.exchange.columns import BY_KEY
from apps.exchange.cover import LABELS
from apps.exchange.report import severity_title
from apps.exchange.roster import LARGEST
from apps.inbox import waiting
from apps.inbox.acting import ActingRequired
from apps.inbox.views import page_of
from apps.organisations.choices import ENTERPRISE_SIDE, ROLE_KINDS
from apps.transfers.models import RosterRow, RosterVersion

from . import batches, faults, work
from .forms import FaultFilter

PAGE = 25
NAMED = 12
VERSIONS = 20
LABEL_OF = {name: label for label, name in LABELS.items() if label != "企业名称"}


class DeskRequired(ActingRequired):
    """A view for enterprises and whoever acts for one."""

    def dispatch(self, request, *args, **kwargs):
        acting = request.acting if request.user.is_authenticated else None
        if acting and acting.organisation.kind not in ENTERPRISE_SIDE:
            raise PermissionDenied(_("企业申报由移交企业及其清算组、主管部门使用。"))
        return super().dispatch(request, *args, **kwargs)


class Desk(DeskRequired, TemplateView):
    """Our batches: where each stands, who acts next, what waits for us; and opening another."""

    template_name = "portal/desk.html"

    def get_context_data(self, **kwargs):
        acting = self.request.acting
        page = page_of(batches.mine(acting), self.request.GET.get("page"))
        enterprise = acting.on_behalf or acting.organisation
        return super().get_context_data(
            enterprise=enterprise,
            facts=getattr(enterprise, "enterprise", None),
            openings=[one for one in batches.openings(acting) if not one.process.subjects],
            offers=batches.offers(acting),
            key=uuid4(),
            page=page,
            lines=[_line(case, ours) for case, ours in _with_ours(page.object_list, acting)],
            **kwargs,
        )

    def post(self, request):
        wanted = request.POST.get("process", "")
        opening = next((one for one in batches.openings(request.acting) if one.name == wanted), None)
        if opening is None:
            raise PermissionDenied(_("新批次由企业经办人填报。"))
        try:
            key = UUID(request.POST.get("key", ""))
        except ValueError:
            raise BadRequest from None
        process, by = opening.process, request.acting
        try:
            case = opened(process, by=by, key=key) or open_once(
                process, opening.move.name, by=by, key=key, given=_about(opening, request)
            )
        except Refused as refused:
            for sentence in refused.sentences:
                messages.error(request, _("尚未满足：%(sentence)s") % {"sentence": sentence})
            return redirect("portal:desk")
        if "upload" in case.moves:
            messages.success(request, _("已新建批次 %s，请上传花名册") % case.number)
            return redirect("portal:roster", case.number)
        messages.success(request, _("已立案 %s，请继续填写") % case.number)
        return redirect("case", case.number)


class Template(DeskRequired, View):
    """The empty roster form."""

    def get(self, request):
        out = io.BytesIO()
        template.write(out)
        return _workbook(out.getvalue(), "roster-template.xlsx")


class Roster(DeskRequired, View):
    """The roster of one batch: upload it, see every fault at once, mend or leave out, go on to filing."""

    def get(self, request, number):
        case = batches.mine_or_404(number, request.acting)
        return render(request, "portal/roster.html", _roster(request, case))

    def post(self, request, number):
        case = batches.mine_or_404(number, request.acting)
        sent = request.FILES.get("roster")
        if sent is None:
            return self._refused(request, case, [_("请先选择要上传的花名册文件")], 400)
        content = sent.read(LARGEST + 1)
        if work.takes_long(content):
            return redirect("jobs:job", work.put_off(case, content, sent.name, by=request.acting).pk)
        try:
            version = uploads.upload(case, content, sent.name, by=request.acting)
        except Refused as refused:
            return self._refused(request, case, refused.sentences, 409)
        tell = messages.warning if version.faulty_count else messages.success
        tell(request, work.what_was_read(version))
        return redirect("portal:roster", number)

    @staticmethod
    def _refused(request, case, sentences, status: int) -> HttpResponse:
        return render(
            request, "portal/roster.html", _roster(request, case) | {"refused": sentences}, status=status
        )


class LeaveOut(DeskRequired, View):
    """Expressly leaves faulty rows out of what is filed: first shows which, then does it."""

    http_method_names = ["post"]

    def post(self, request, number):
        case = batches.mine_or_404(number, request.acting)
        version = _in_force(case)
        if version is None:
            raise Http404
        rows = _chosen(version, request.POST)
        if not rows.exists():
            messages.warning(request, _("没有选中需要注明不申报的行"))
            return redirect("portal:roster", number)
        if request.POST.get("confirmed") != "yes":
            shown = {"case": case, "version": version, "count": rows.count(), "rows": list(rows[:NAMED])}
            picked = request.POST.getlist("row") if request.POST.get("all") != "yes" else []
            return render(request, "portal/leave_out.html", shown | {"picked": picked})
        if request.POST.get("version") != str(version.number):
            messages.error(request, _("花名册已有新版本，请重新核对"))
            return redirect("portal:roster", number)
        count = rows.count()
        try:
            uploads.leave_out(version, rows, by=request.acting)
        except Refused as refused:
            messages.error(request, "\n".join(refused.sentences))
        else:
            messages.success(request, _("已注明 %d 人不申报") % count)
        return redirect("portal:roster", number)


class FaultBook(DeskRequired, View):
    """The faults as a workbook, with the faulty cells coloured."""

    def get(self, request, number):
        case = batches.mine_or_404(number, request.acting)
        version = RosterVersion.objects.filter(case=case.pk, superseded=False).first()
        if version is None:
            raise Http404
        return _workbook(
            faults.book(version, by=request.acting), f"{case.number}-v{version.number}-faults.xlsx"
        )


def _roster(request, case) -> dict:
    """Everything the roster page shows."""
    version = _in_force(case)
    shown = {
        "case": case,
        "stage": case.at,
        "upload": batches.may(case, "upload", request.acting),
        "leave_out": batches.may(case, "leave_out", request.acting),
        "version": version,
    }
    if version is None:
        return shown
    kinds = faults.kinds(version)
    form = FaultFilter(request.GET, kinds=kinds)
    asked = {"severity": form.said("severity"), "code": form.said("code")}
    page = Paginator(faults.rows(version, **asked, words=form.said("q")), PAGE).get_page(
        request.GET.get("page")
    )
    counts = RosterRow.objects.filter(version=version).aggregate(
        to_mend=Count("pk", filter=Q(blocking=True, left_out=False)),
        not_filed=Count("pk", filter=Q(left_out=True)),
        to_file=Count("pk", filter=Q(blocking=False, left_out=False)),
    )
    return shown | {
        "cover": _cover(version),
        "kinds": kinds,
        "severities": _by_severity(kinds),
        "form": form,
        "page": page,
        "rows": [(row, faults.told(row, **asked)) for row in page],
        "of_file": faults.of_file(version),
        "counts": counts,
        "versions": [
            (one, _changes(one))
            for one in RosterVersion.objects.filter(case=case.pk)
            .defer("sealed", "faults", "cover")
            .select_related("uploaded_by")[:VERSIONS]
        ],
    }


def _in_force(case) -> RosterVersion | None:
    found = RosterVersion.objects.filter(case=case.pk, superseded=False).defer("sealed")
    return found.select_related("uploaded_by").first()


def _chosen(version: RosterVersion, sent):
    """The rows somebody ticked, or all that block the filing."""
    rows = RosterRow.objects.filter(version=version, blocking=True, left_out=False).defer("sealed")
    if sent.get("all") == "yes":
        return rows
    numbers = [int(one) for one in sent.getlist("row") if one.isascii() and one.isdigit() and len(one) < 8]
    return rows.filter(row_no__in=numbers)


def _cover(version: RosterVersion) -> list[tuple[str, str]]:
    return [(label, version.cover[name]) for name, label in LABEL_OF.items() if version.cover.get(name)]


def _by_severity(kinds) -> list[tuple[str, str, int]]:
    numbers = {one: sum(kind.count for kind in kinds if kind.severity == one) for one in "EWS"}
    return [(one, severity_title(one), count) for one, count in numbers.items() if count]


def _changes(version: RosterVersion) -> list[tuple[str, int, str]]:
    """What a version changed, as (words, number, names)."""
    said = []
    for name, words in (("added", _("新增")), ("removed", _("减少")), ("changed", _("改动"))):
        part = version.changes.get(name) or {}
        if part.get("count"):
            people = [_changed(one) if isinstance(one, dict) else one for one in part["people"][:NAMED]]
            said.append((words, part["count"], _("；").join(people)))
    return said


def _changed(one: dict) -> str:
    fields = "、".join(BY_KEY[field].header if field in BY_KEY else field for field in one["fields"])
    return f"{one['name']}（{fields}）"


def _about(opening, request) -> dict | None:
    """What the case is to be about; somebody else's does not exist."""
    if not opening.process.subjects:
        return None
    wanted = request.POST.get("subject", "")
    found = opening.process.subjects(request.acting)
    subject = found.filter(pk=wanted).first() if wanted.isascii() and wanted.isdigit() else None
    if subject is None:
        raise Http404
    return opening.given(subject)


def _with_ours(cases: list, acting):
    """Pair each case with the lines that wait for this office: two statements for a page."""
    seats = waiting.seats(acting, show="all").filter(case__in=[case.pk for case in cases])
    ours = {}
    for line in waiting.lines(list(seats), acting):
        if line.waiting:
            ours.setdefault(line.case.pk, []).append((line, _acts(line.model, line.stage)))
    return [(case, ours.get(case.pk, [])) for case in cases]


def _acts(model, stage) -> str:
    """What the enterprise's side may usually do at a stage, in words."""
    side = {role for role, kinds in ROLE_KINDS.items() if kinds & ENTERPRISE_SIDE}
    acts = [
        str(move.title)
        for move in model.moves.values()
        if stage in move.sources and not move.reason and any(party.role in side for party in move.parties)
    ]
    return _("、").join(acts)


def _line(case, ours: list) -> dict:
    """What the list shows of one batch."""
    process = registry.machine(case.process)
    stage = process.stages[case.stage]
    return {"case": case, "stage": stage, "next": stage.holder.title if stage.holder else "", "ours": ours,
            "title": process._meta.verbose_name, "has_roster": "upload" in process.moves}  # fmt: skip


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=listing.MEDIA["xlsx"])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
