"""What a confirmed death does: recorded once, announced to every process that concerned the person."""

from django.utils.translation import gettext_lazy as _

from apps.engine.words import Shared
from apps.retirees import management
from apps.retirees.models import Retiree

from .fee_collection import release_charges

DIED = Shared("died", _("死亡确认"))


def end_by_death(deed) -> None:
    """Write the date of death; nobody manages the dead, and whatever else concerned them ends too."""
    persons = list(deed.rows.values_list("retiree_id", flat=True))
    Retiree.objects.filter(pk__in=persons).update(died_on=deed.given["died_on"])
    management.end(persons, deed.at)
    release_charges(deed)
    deed.announce(DIED, persons)
