"""The list of what one was told, how one wants to be told, ending it by one click, and what was sent."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from apps.audit.streams import now
from apps.jobs.views import OperatorRequired

from . import preferences
from .forms import NoticeFilter, ReaderForm
from .kinds import KINDS
from .models import Delivery, Notice, Reader

PAGE = 25


class Notices(LoginRequiredMixin, TemplateView):
    """What the present post was told, newest first."""

    def get_template_names(self):
        return ["notices/_list.html" if self.request.htmx else "notices/list.html"]

    def get_context_data(self, **kwargs):
        form = NoticeFilter(self.request.GET)
        notices = form.apply(Notice.objects.seen_by(self.request.acting))
        page = Paginator(notices.select_related("case").order_by("-pk"), PAGE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(form=form, page=page, narrowed=form.narrowed, **kwargs)


class Open(LoginRequiredMixin, View):
    """Mark one notice as read and go to what it is about."""

    http_method_names = ["post"]

    def post(self, request, pk):
        notice = get_object_or_404(Notice.objects.seen_by(request.acting).select_related("case"), pk=pk)
        Notice.objects.filter(pk=pk, read_at=None).update(read_at=now())
        if notice.job_id:
            return redirect("jobs:job", notice.job_id)
        return redirect("case", notice.case.number) if notice.case else redirect("notices:list")


class ReadAll(LoginRequiredMixin, View):
    """Mark everything the filter shows as read."""

    http_method_names = ["post"]

    def post(self, request):
        form = NoticeFilter(request.POST)
        form.apply(Notice.objects.seen_by(request.acting)).filter(read_at=None).update(read_at=now())
        return redirect("notices:list")


class Preferences(LoginRequiredMixin, View):
    """How soon each kind is sent, in which language, and to which telephone."""

    def get(self, request):
        return self._show(request, self._form(request))

    def post(self, request):
        form = self._form(request, request.POST)
        if not form.is_valid():
            return self._show(request, form, status=400)
        form.save()
        preferences.choose(request.user.pk, form.wanted())
        messages.success(request, _("已保存"))
        return redirect("notices:preferences")

    def _form(self, request, sent=None) -> ReaderForm:
        reader = Reader.objects.filter(user=request.user).first() or Reader(user=request.user)
        return ReaderForm(sent, instance=reader, chosen=preferences.chosen(request.user.pk))

    def _show(self, request, form, status=200):
        return render(request, "notices/preferences.html", {"form": form}, status=status)


@method_decorator(csrf_exempt, name="dispatch")  # the token is the right; mail programs send nothing else
class Stop(View):
    """End messages of one sort without signing in: GET asks, POST ends (RFC 8058)."""

    def get(self, request, token):
        return self._show(request, token, stopped=False)

    def post(self, request, token):
        user_id, sort = self._read(token)
        preferences.stop(user_id, sort)
        return self._show(request, token, stopped=True)

    def _show(self, request, token, *, stopped):
        _user, sort = self._read(token)
        title = KINDS[sort].title if sort in KINDS else _("每日汇总")
        return render(request, "notices/stop.html", {"title": title, "stopped": stopped})

    def _read(self, token):
        try:
            return preferences.read_token(token)
        except signing.BadSignature:
            raise Http404 from None


class Deliveries(OperatorRequired, TemplateView):
    """What was sent to whom and what could not be, for the operator."""

    template_name = "notices/deliveries.html"

    def get_context_data(self, **kwargs):
        deliveries = Delivery.objects.select_related("user").order_by("-made_at")
        failed = self.request.GET.get("show") == "failed"
        shown = deliveries.failed() if failed else deliveries
        tabs = [
            {"title": title, "url": f"{reverse('notices:deliveries')}{query}", "here": here}
            for title, query, here in (
                (_("全部"), "", not failed),
                (_("未能发出"), "?show=failed", failed),
            )
        ]
        page = Paginator(shown, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, tabs=tabs, **kwargs)
