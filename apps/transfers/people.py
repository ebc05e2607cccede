"""What the decisions on the people of a batch record: a few statements for one person and for thousands."""

from django.db.models import F
from django.db.models.functions import Coalesce

from apps.cases.models import Placement
from apps.retirees import management
from apps.retirees.models import Retiree
from apps.retirees.names import pinyin_key


def explain_fault(deed) -> None:
    """Say why a row that carries no fault of its own did not pass."""
    deed.rows.filter(faults=[]).update(faults=[{"code": "registered"}])


def correct_row(deed) -> None:
    """Clear what was wrong; a corrected name is the person's own, unless a street already manages the person."""
    name = deed.given.get("name")
    if name:
        theirs = deed.rows.filter(
            retiree__intervals__period__upper_inf=True, retiree__intervals__manager=F("case__enterprise")
        ).values("retiree")
        Retiree.objects.filter(pk__in=theirs).update(name=name, name_pinyin=pinyin_key(name))
    deed.rows.update(faults=[], **({"note": deed.given["note"]} if "note" in deed.given else {}))


def place(deed) -> None:
    """Ask another street; its station is not known yet, and why follows from which address it is."""
    street = deed.given["street"]
    deed.rows.update(organisation=street, station=None)
    deed.rows.filter(hukou=street).exclude(residence=street).update(placement=Placement.HUKOU)
    deed.rows.filter(residence=street).update(placement=Placement.RESIDENCE)


def assign_station(deed) -> None:
    """Name the community's station; where there is none yet, the street acts as station."""
    station = deed.given.get("station")
    deed.rows.update(station=station or Coalesce("station", "organisation"))


def take_over(deed) -> None:
    """The enterprise's responsibility ends and the street's begins, at one instant."""
    management.hand_to_street(deed.rows.values_list("retiree_id", "organisation_id", "station_id"), deed.at)


def defer(deed) -> None:
    deed.rows.update(review_on=deed.given["review_on"])
