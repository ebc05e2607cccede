"""The ledger as a list too long for a page to wait for."""

from apps.exchange.long_lists import LISTS, List
from apps.retirees.models import ManagementInterval

from . import views


def lines(rows: list[int], _by):
    found = views.told(ManagementInterval.objects.filter(pk__in=rows)).in_bulk()
    return [views.cells(found[pk]) for pk in rows if pk in found]


LISTS["ledger"] = List(views.columns, lines)
