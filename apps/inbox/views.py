"""The inbox of an office, and saying “I am on it”."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from apps.cases.models import Case
from apps.engine import tasks

from . import waiting
from .acting import ActingRequired, back
from .filters import SHOWS, InboxFilter, units
from .templatetags.faces import due

PAGE = 25


class Inbox(ActingRequired, TemplateView):
    """Lists what waits for the office; the statements are the same few whatever its size."""

    def get_template_names(self):
        return ["inbox/_list.html" if self.request.htmx else "inbox/list.html"]

    def get_context_data(self, **kwargs):
        acting, asked = self.request.acting, self.request.GET
        show = asked.get("show") if asked.get("show") in dict(SHOWS) else "open"
        seats = waiting.seats(acting, show=show)
        form = InboxFilter(asked, acting=acting, units=units(seats))
        page = page_of(form.apply(seats), asked.get("page"))
        return super().get_context_data(
            **kwargs,
            today=timezone.localdate(),
            form=form,
            narrowed=form.narrowed,
            counters=counters(waiting.counts(acting), form),
            tabs=[{"title": title, "url": f"?show={name}", "here": name == show} for name, title in SHOWS],
            lines=waiting.lines(page.object_list, acting),
            page=page,
        )


def page_of(rows, number) -> Page:
    """One page of rows by one statement: whether there is a next page is told by one row more."""
    number = int(number) if str(number).isdigit() and 0 < int(number) < 10_000 else 1
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


def counters(counts: waiting.Counts, form: InboxFilter) -> list[dict]:
    """The four figures above the list, each a way into it."""
    home, deadline = reverse("inbox"), form.said("deadline")
    on_time = f"{100 * counts.on_time / counts.done:.1f}%" if counts.done else ""
    late = _("最早%s") % due(counts.earliest).words if counts.late else ""
    return [
        {"title": _("已超期"), "count": counts.late, "note": late, "tone": "red", "url": f"{home}?deadline=late", "here": deadline == "late"},
        {"title": _("今明到期"), "count": counts.near, "note": _("请优先办理") if counts.near else "", "tone": "orange", "url": f"{home}?deadline=near", "here": deadline == "near"},
        {"title": _("待办"), "count": counts.waiting, "note": "", "tone": "blue", "url": home, "here": not form.narrowed and form.said("show") in ("", "open")},
        {"title": _("本月办结"), "count": counts.done, "note": _("按期率 %s") % on_time if on_time else "", "tone": "green", "url": "", "here": False},
    ]  # fmt: skip


class Claim(ActingRequired, View):
    """Take a case's task; the other learns who was quicker."""

    http_method_names = ["post"]

    def post(self, request):
        case = get_object_or_404(Case.objects.seen_by(request.acting), pk=whole(request.POST.get("claim")))
        if not tasks.claim(case, by=request.acting):
            task = tasks.open_task(case)
            messages.warning(
                request,
                _("%s正在办理，未能签收") % task.owner if task and task.owner else _("本件现无待签收的任务"),
            )
        return redirect(back(request))


class Release(ActingRequired, View):
    """Give a claimed task back to the office."""

    http_method_names = ["post"]

    def post(self, request):
        case = get_object_or_404(Case.objects.seen_by(request.acting), pk=whole(request.POST.get("claim")))
        if not tasks.release(case, by=request.acting):
            messages.warning(request, _("本件不是由您签收的"))
        return redirect(back(request))


def whole(text: str | None) -> int:
    """The whole number a form sent, or one that no row has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
