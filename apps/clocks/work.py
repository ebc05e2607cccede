"""What the clock brings about by itself: alarms, due dates reckoned anew, and seals over the trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit import seals
from apps.jobs.work import More, every

from . import alarms, recompute, reviews

AT_ONCE = 1000


# Each act locks in the one order of the doors, which holds within one transaction only.
@every("clocks.fire", seconds=30, title=_("到期办理与提醒"), own_transactions=True)
def fire(job) -> More | None:
    """Let up to so many rows hear what is due; whatever is left comes in the next part."""
    fired = alarms.fire(AT_ONCE)
    return More({}, done=job.done + fired) if fired else None


@every("clocks.reckon", seconds=60, title=_("期限重算"), own_transactions=True)
def reckon(job) -> More | None:
    """Take approved rules and notices on holidays into account, one after the other."""
    state = recompute.part(job.state)
    return None if state is None else More(state)


@every("clocks.review", seconds=3600, title=_("复查提醒"))
def review(job) -> None:
    """Tell of the suspended and the put off whose day of review has come."""
    reviews.hear()


# A seal inside another transaction would be older than acts it does not cover.
@every("audit.seal", seconds=300, title=_("封存履历"), own_transactions=True)
def seal(job) -> None:
    """Seal what has changed; where nothing has, nothing is done."""
    seals.take()
