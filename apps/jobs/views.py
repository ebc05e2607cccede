"""A person's own jobs, one of them with its progress, and the operator's page."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView, ListView, TemplateView, View

from apps.organisations.refusals import NotChanged

from . import operating, queue
from .models import Job, Status

PAGE = 25


class OwnJobs(LoginRequiredMixin):
    """The jobs a person gave, under whichever post; those of others are not there."""

    def get_queryset(self):
        return Job.objects.filter(post__user=self.request.user).select_related("cancellation").order_by("-pk")


class MyJobs(OwnJobs, ListView):
    """Lists what a person has set going, latest first."""

    template_name = "jobs/mine.html"
    paginate_by = PAGE


class JobPage(OwnJobs, DetailView):
    """How far a job is; asks again by itself while it runs."""

    def get_template_names(self):
        return ["jobs/_progress.html" if self.request.htmx else "jobs/job.html"]


class Cancel(OwnJobs, View):
    """Ask one's own job to stop."""

    http_method_names = ["post"]

    def post(self, request, pk):
        job = get_object_or_404(self.get_queryset(), pk=pk)
        if request.acting is None:
            raise PermissionDenied
        try:
            queue.cancel(job, by=request.acting)
        except NotChanged as refused:
            messages.error(request, str(refused))
        return redirect("jobs:job", pk)


class OperatorRequired(LoginRequiredMixin):
    """A view for those who keep the system running."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not operating.may(request.acting):
            raise PermissionDenied(_("本页由系统管理员使用。"))
        return super().dispatch(request, *args, **kwargs)


class Operator(OperatorRequired, TemplateView):
    """All jobs by kind and state, and what is dead for which cause."""

    template_name = "jobs/operator.html"

    def get_context_data(self, **kwargs):
        dead = Job.objects.filter(status=Status.DEAD).order_by("-ended_at", "-pk")
        return super().get_context_data(
            kinds=operating.overview(), causes=operating.causes(), dead=dead[:PAGE], **kwargs
        )


class Retry(OperatorRequired, View):
    """Try a dead job again, or all that died of one cause."""

    http_method_names = ["post"]

    def post(self, request):
        asked = request.POST
        if asked.get("job", "").isdecimal():
            jobs = Job.objects.filter(pk=asked["job"])
        else:
            jobs = Job.objects.filter(kind=asked.get("kind", ""), cause=asked.get("cause", ""))
        number = operating.retry(jobs, by=request.acting)
        said = ngettext("已重新提交 %(number)d 项任务。", "已重新提交 %(number)d 项任务。", number)
        messages.success(request, said % {"number": number})
        return redirect("jobs:operator")
