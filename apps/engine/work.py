"""What the clock brings about: moves of rows whose time is up, and seals over the trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit import seals
from apps.jobs.work import every

from .clocks import fire_due


# Each move locks in the one order of the doors, which holds within one transaction only.
@every("engine.clocks", seconds=30, title=_("处理到期事项"), own_transactions=True)
def fire_clocks(job) -> None:
    """Make the moves of the clock; a row that has moved is not overdue any more."""
    fire_due()


# A seal inside another transaction would be older than acts it does not cover.
@every("audit.seal", seconds=300, title=_("封存履历"), own_transactions=True)
def seal(job) -> None:
    """Seal what has changed; where nothing has, nothing is done."""
    seals.take()
