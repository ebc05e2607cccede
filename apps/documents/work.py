"""The background work on papers: drawing up what an act has numbered, and joining letters for bulk printing."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.jobs.work import Done, More, work

from .bundles import join_next
from .kinds import RENDER
from .making import make, waiting
from .models import Paper

CHUNK = 20  # papers drawn up in one transaction


@work(RENDER, title=_("制作文书"))
def render(job):
    """Draw up the papers of one kind that an act issued, some at a time."""
    papers = Paper.objects.filter(act=job.given["act"], kind=job.given["kind"])
    some = waiting(papers)[:CHUNK]
    for paper in some:
        make(paper)
    left, total = papers.filter(file=None).count(), papers.count()
    return More({}, done=total - left, total=total) if left else Done({"text": str(_("共 %d 份")) % total})


@work("papers.bundle", title=_("成批打印文书"))
def bundle(job):
    """Join the letters somebody chose into one file for each office they are meant for."""
    if answer := join_next(job):
        return answer
    return Done({"link": reverse("bundles", args=[job.pk])})
