"""What is done for the trail in the background: it stands here because jobs stand above it."""

from django.utils.translation import gettext_lazy as _

from apps.audit import seals
from apps.jobs.work import every


# A seal inside another transaction would be older than acts it does not cover.
@every("audit.seal", seconds=300, title=_("封存履历"), own_transactions=True)
def seal(job) -> None:
    """Seal what has changed; where nothing has, nothing is done."""
    seals.take()
