"""An allocation from the reckoning to the last street's report, every act by the post-holder whose act it is."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.streams import now
from apps.cases.evidence import attach
from apps.documents.allocation_papers import UseReport
from apps.engine.door import begin, perform
from apps.organisations.choices import Role
from apps.organisations.models import Organisation

from ..allocation import FundAllocation
from ..allocation_share import AllocationShare
from .cast import Cast


class AllocationRehearsal:
    """Walks one allocation of a county's management body as far as it is told."""

    def __init__(self, body: Organisation):
        self.body, self.cast = body, Cast()
        self.case: FundAllocation | None = None

    def walk(self, kind: str, purpose: str = "", *, until: str = "closed", **given) -> FundAllocation:
        self.calculate(kind, purpose, **given)
        for act in (self.submit, self.review, self.approve, self.pay, self.report, self.accept):
            if self.case.stage == until:
                break
            act()
        return self.case

    def calculate(self, kind: str, purpose: str = "", **given) -> None:
        today = timezone.localdate(now())
        asked = {"kind": kind, "purpose": purpose, "year": today.year, "base_date": today} | given
        self.case = begin(FundAllocation, "calculate", by=self.bureau(Role.FEE_CLERK), given=asked)

    def submit(self) -> None:
        self.perform("submit", self.bureau(Role.FEE_CLERK))

    def review(self) -> None:
        self.perform("review", self.bureau(Role.RMO_REVIEWER))

    def approve(self) -> None:
        self.perform("approve", self.finance(Role.FISCAL_REVIEWER))

    def pay(self) -> None:
        given = {"paid_on": timezone.localdate(now()), "slip": f"BK-{self.case.pk}"}
        self.perform("pay", self.finance(Role.FISCAL_OFFICER), given=given)

    def report(self) -> None:
        """Every street reports that it used all it was given."""
        for share in self.shares("granted"):
            head = self.cast.holder(Role.STREET_HEAD, share.organisation_id)
            self.attach(head)
            given = {"used": share.fen / 100, "use": _("用于退休人员活动，票据齐全")}
            perform(share, "report", by=head, given=given)
        self.again()

    def accept(self) -> None:
        for share in self.shares("reported"):
            perform(share, "accept", by=self.bureau(Role.RMO_REVIEWER))
        self.again()

    # --- the small words ---

    def attach(self, by) -> None:
        content = f"%PDF-1.4\n%%EOF demonstration {self.case.pk} {by.organisation.pk}\n".encode()
        attach(self.case, UseReport, content, name=f"{UseReport.title}.pdf", by=by)

    def shares(self, *stages: str):
        return AllocationShare.objects.filter(case=self.case.pk, stage__in=stages).order_by(
            "organisation__key"
        )

    def bureau(self, role: str):
        return self.cast.holder(role, self.body.pk)

    def finance(self, role: str):
        return self.cast.holder(role, self.case.allocation.finance_id)

    def perform(self, move: str, by, **terms) -> None:
        perform(self.case, move, by=by, **terms)
        self.again()

    def again(self) -> None:
        self.case = FundAllocation.objects.get(pk=self.case.pk)
