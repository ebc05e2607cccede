"""What the clocks do by themselves: every half minute whatever is due goes off."""

from django.utils.translation import gettext_lazy as _

from apps.jobs.work import More, every

from . import alarms, recompute

AT_ONCE = 1000


@every("clocks.fire", seconds=30, title=_("到期办理与提醒"))
def fire(job) -> More | None:
    """Let up to so many rows hear what is due; whatever is left comes in the next part."""
    fired = alarms.fire(AT_ONCE)
    return More({}, done=job.done + fired) if fired else None


@every("clocks.reckon", seconds=60, title=_("期限重算"))
def reckon(job) -> More | None:
    """Take approved rules and notices on holidays into account, one after the other."""
    state = recompute.part(job.state)
    return None if state is None else More(state)
