"""What the desk leaves to background work: who may see which case after the tree has changed; sessions that ended."""

from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case
from apps.engine import participants
from apps.jobs.work import Done, More, every, work
from apps.organisations.session_store import SessionStore

PART = 5000


@work("administration.participants", title=_("重新确定各机构可见的案件"))
def participants_anew(job):
    """Recompute the participants of all cases, a part at a time."""
    last, done = job.state.get("last", 0), job.done
    cases = list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PART])
    if not cases:
        return Done(result={"text": str(done)})
    participants.refresh(cases)
    total = done + Case.objects.filter(pk__gt=last).count()
    return More(state={"last": cases[-1]}, done=done + len(cases), total=total)


@every("administration.sessions", seconds=86_400, title=_("清除过期的登录"))
def clear_sessions(job):
    """Remove the sessions that have run out."""
    SessionStore.clear_expired()
