"""What is done in the background so that people learn of things."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from apps.audit.streams import now
from apps.jobs.models import Job, Status
from apps.jobs.work import every, work

from . import sending
from .models import Notice
from .telling import Telling, tell

RECENT = timedelta(days=1)


@every("notices.gather", seconds=60, title=_("汇集待发消息"))
def gather(job):
    """Make messages of what is to be sent at once."""
    sending.gather()


# In transactions of its own: what has left the house cannot be taken back with the rest.
@work("notices.deliver", title=_("发送消息"), own_transactions=True)
def deliver(job):
    """Hand one message over."""
    sending.deliver(job.given["delivery"])


@every("notices.jobs", seconds=60, title=_("通知任务结果"))
def jobs(job):
    """Tell people of their long jobs that are done, and of any that failed for good."""
    ended = Job.objects.filter(post__isnull=False, ended_at__gt=now() - RECENT)
    told = Notice.objects.filter(job_id__isnull=False)
    for kind, which in (
        ("job_done", ended.filter(status=Status.DONE, total__gt=0)),
        ("job_dead", ended.filter(status=Status.DEAD)),
    ):
        news = which.exclude(pk__in=told.filter(kind=kind).values("job_id")).select_related("post")
        tell(
            kind,
            [
                Telling(
                    each.post.organisation_id,
                    each.post.role,
                    case_id=each.case,
                    facts={"work": each.kind},
                    user_id=each.post.user_id,
                    job_id=each.pk,
                )
                for each in news
            ],
        )
