"""Conditions that more than one process uses: a sentence for people, a query for rows.

A condition over another table is a function, for it is written while the tables are still being declared.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models import CaseItem
from apps.engine.words import Demand
from apps.retirees.models import ManagementInterval


def some(model, **facts):
    """The case has a row of ``model`` of which these facts hold."""
    return lambda given: Q(Exists(model._base_manager.filter(case=OuterRef("pk"), **facts)))


def none(model, **facts):
    return lambda given: ~Q(Exists(model._base_manager.filter(case=OuterRef("pk"), **facts)))


def somebody(sentence: str, *stages: str) -> Demand:
    """At least one of the people waits in one of these stages."""
    return Demand(sentence, some(CaseItem, stage__in=stages))


def nobody(sentence: str, *stages: str) -> Demand:
    return Demand(sentence, none(CaseItem, stage__in=stages))


def _managed_by_a_street(given) -> Q:
    intervals = ManagementInterval.objects.filter(retiree=OuterRef("retiree"), period__upper_inf=True)
    return Q(Exists(intervals.exclude(manager=OuterRef("case__enterprise"))))


alive = Demand(_("登记簿中未记载该人员死亡"), Q(retiree__died_on__isnull=True))
not_managed_yet = Demand(_("该人员尚未由街道管理"), lambda given: ~_managed_by_a_street(given))
