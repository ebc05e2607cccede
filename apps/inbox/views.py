"""The inbox of an office, and saying “I am on it”."""

from dataclasses import dataclass
from functools import cache

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from apps.cases import claims
from apps.engine import registry
from apps.organisations.choices import OrgKind

from . import waiting
from .acting import ActingRequired, back, note_reading
from .filters import SHOWS, InboxFilter, units
from .sight import case_or_404, holds
from .templatetags.faces import due

PAGE = 25
GUIDING = {OrgKind.RMO, OrgKind.STREET_RMO}


class Inbox(ActingRequired, TemplateView):
    """Lists what waits for the office; the statements are the same few whatever its size."""

    def get_template_names(self):
        return ["inbox/_list.html" if self.request.htmx else "inbox/list.html"]

    def get_context_data(self, **kwargs):
        acting, asked = self.request.acting, self.request.GET
        show = asked.get("show") if asked.get("show") in dict(SHOWS) else usual_show(acting.role)
        seats = waiting.seats(acting, show=show)
        form = InboxFilter(asked, acting=acting, units=units(seats))
        if form.narrowed:
            note_reading(self.request, "search_inbox", **form.narrowed)
        page = page_of(form.apply(seats), asked.get("page"))
        lines = waiting.lines(page.object_list, acting)
        return super().get_context_data(
            **kwargs,
            today=timezone.localdate(),
            form=form,
            narrowed=form.narrowed,
            counters=counters(waiting.counts(acting), form, show),
            tabs=[
                {"title": title, "url": f"?show={name}", "here": name == show}
                for name, title in SHOWS
                if name != "reported" or acting.organisation.kind in GUIDING
            ],
            lines=lines,
            picking=any(line.pick for line in lines),
            page=page,
        )


@cache
def usual_show(role: str) -> str:
    """What somebody of a role looks for first: what waits, or, deciding nothing anywhere, all there is."""
    moves = [move for model in registry.machines() for move in model.moves.values()]
    return "open" if any(party.role == role for move in moves for party in move.parties) else "all"


def page_of(rows, number) -> Page:
    """One page of rows by one statement: whether there is a next page is told by one row more."""
    said = str(number)
    number = int(said) if said.isdecimal() and len(said) < 5 and int(said) else 1
    start = (number - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return Peek(found, number)


class Peek(Page):
    """A page that knows its neighbours without counting them all."""

    def __init__(self, found: list, number: int):
        super().__init__(found[:PAGE], number, Paginator([], PAGE))
        self.more = len(found) > PAGE

    def has_next(self):
        return self.more

    def next_page_number(self):
        return self.number + 1

    def previous_page_number(self):
        return self.number - 1


@dataclass(frozen=True)
class Counter:
    """One figure above the list: a way into it, where it has an address."""

    title: str
    count: int
    note: str = ""
    tone: str = "blue"
    url: str = ""
    here: bool = False


def counters(counts: waiting.Counts, form: InboxFilter, show: str) -> list[Counter]:
    """The four figures above the list."""
    home, deadline = reverse("inbox"), form.said("deadline")
    late = _("最早%s") % due(counts.earliest).words if counts.late else ""
    near = _("请优先办理") if counts.near else ""
    in_time = _("按期率 %s") % f"{100 * counts.on_time / counts.done:.1f}%" if counts.done else ""
    plain = not form.narrowed and show == "open"
    return [
        Counter(_("已超期"), counts.late, late, "red", f"{home}?show=open&deadline=late", deadline == "late"),
        Counter(
            _("今明到期"), counts.near, near, "orange", f"{home}?show=open&deadline=near", deadline == "near"
        ),
        Counter(_("待办"), counts.waiting, url=f"{home}?show=open", here=plain),
        Counter(_("本月办结"), counts.done, in_time, "green"),
    ]


class Claim(ActingRequired, View):
    """Take a case's task; the other learns who was quicker."""

    http_method_names = ["post"]

    def post(self, request):
        case = _asked_for(request)
        if not holds(case, request.acting):
            raise PermissionDenied(
                _("本件由%s办理") % (case.at.holder.title if case.at.holder else _("系统"))
            )
        if not claims.claim(case, by=request.acting):
            task = claims.open_task(case)
            quicker = _("%s正在办理，未能签收") % task.owner if task else _("本件现无待签收的任务")
            messages.warning(request, quicker)
        return redirect(back(request))


class Release(ActingRequired, View):
    """Give a claimed task back to the office."""

    http_method_names = ["post"]

    def post(self, request):
        if not claims.release(_asked_for(request), by=request.acting):
            messages.warning(request, _("本件不是由您签收的"))
        return redirect(back(request))


def _asked_for(request):
    """The case a form names by its number; 404 where this office has no part in it."""
    return case_or_404(request.POST.get("claim", ""), request.acting)
