"""The background work on papers: drawing up what an act has numbered, and joining letters for bulk printing."""

from collections import Counter

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.jobs.work import Done, More, work
from apps.notices.telling import Telling, tell
from apps.organisations.models import Post

from .bundles import BUNDLE, join_next
from .kinds import RENDER
from .making import make, waiting
from .models import Paper

CHUNK = 20  # papers drawn up in one transaction


# Its papers are issued and numbered: they are to be had, whatever becomes of whoever issued them.
@work(RENDER, title=_("制作文书"), may_stop=False)
def render(job):
    """Draw up the papers of one kind that an act issued, some at a time."""
    papers = Paper.objects.filter(act=job.given["act"], kind=job.given["kind"])
    some = waiting(papers)[:CHUNK]
    for paper in some:
        make(paper)
    left, total = papers.filter(file=None).count(), papers.count()
    if left:
        return More({}, done=total - left, total=total)
    _tell_of(papers)
    return Done({"text": str(_("共 %d 份")) % total})


def _tell_of(papers) -> None:
    """Tell each office of the papers that another one issued to it."""
    meant_for = papers.values_list(Coalesce("about", "case__applicant"), "issuer", "case")
    told = Counter((office, case) for office, issuer, case in meant_for if office != issuer)
    tell("paper", [Telling(office, "", case, {"rows": number}) for (office, case), number in told.items()])


@work(BUNDLE, title=_("成批打印文书"))
def bundle(job):
    """Join the letters somebody chose into one file for each office they are meant for, while he is in office."""
    if not Post.objects.held().filter(pk=job.post_id).exists():
        return Done({"text": str(_("提交人已不在该岗位，未再打印"))})
    if answer := join_next(job):
        return answer
    return Done({"link": reverse("bundles", args=[job.pk])})
