"""The papers of what streets are given, one class each."""

from django.utils.translation import gettext_lazy as _

from . import allocation_facts as facts
from .kinds import PaperKind


class AllocationSheet(PaperKind):
    """PDF-23"""

    title = _("拨付审批表")
    layout = "form"
    open = True
    renews = True
    hands = {"prepared": "calculate", "reviewed": "review", "approved": "approve"}
    wanted = staticmethod(facts.of_yearly)
    tells = staticmethod(facts.sheet)


class StartUpSheet(PaperKind):
    """PDF-46"""

    title = _("开办费核拨表")
    layout = "form"
    open = True
    renews = True
    hands = {"prepared": "calculate", "reviewed": "review", "approved": "approve"}
    wanted = staticmethod(facts.of_start_up)
    tells = staticmethod(facts.sheet)


class UseReport(PaperKind):
    """Taken, not given: signed by the street's office."""

    title = _("经费使用情况报告")
