"""An exemption from the application to the government's decision, every act by the post-holder whose act it is."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.streams import now
from apps.cases.evidence import attach
from apps.documents.exemption_papers import (
    AssetProof,
    DifficultyProof,
    GovernmentMinutes,
    InsufficiencyRuling,
    SiteNote,
)
from apps.documents.papers import StatusProof
from apps.engine.door import begin, perform
from apps.exemptions.opening import owed_by
from apps.fees.models import FeeAssessment
from apps.organisations.choices import OrgKind, Role
from apps.organisations.models import Organisation

from ..exemption_deeds import INSOLVENT
from ..exemption_opinion import ExemptionOpinion
from ..fee_exemption import FeeExemption
from .cast import Cast


def _at_once(*, new_stage: bool) -> None:
    """No time passes between the acts."""


class ExemptionRehearsal:
    """Walks one application as far as it is told; ``between`` is called before each stage and act.

    Whoever stands in for the enterprise applies: its owner unit, its liquidator, else the enterprise itself.
    """

    def __init__(self, enterprise: Organisation, *, between: Callable[..., None] = _at_once):
        self.enterprise, self.between = enterprise, between
        self.cast = Cast()
        self.case: FeeExemption | None = None

    def walk(
        self, fee: FeeAssessment | None = None, *, until: str = "approved", assets: int = 0
    ) -> FeeExemption:
        """Go on until the case stands at ``until``; without a ``fee``, about the last one that is owed."""
        self._act(self.apply, fee)
        for act, reached in (
            (self.submit, "submitted"), (self.accept, "accepted"), (self.investigate, "investigating"),
            (self.report, ""), (self.conclude, "labour_opinion"), (self.finance_opines, "finance_opinion"),
            (self.owner_opines, ""), (self.send_up, "gov_review"), (self.decide, "approved"), (self.file, "filed"),
        ):  # fmt: skip
            if self.case.stage == until:
                break
            self._act(act, *([assets] if act in (self.report, self.submit) else []))
            if reached == until:
                break
        self.case = FeeExemption.objects.get(pk=self.case.pk)
        return self.case

    def _act(self, act: Callable[..., None], *given) -> None:
        self.between(new_stage=True)
        act(*given)

    # --- the way, in the order in which the offices go ---

    def apply(self, fee: FeeAssessment | None = None) -> None:
        clerk = self.applicant(Role.ENT_CLERK)
        self.case = begin(
            FeeExemption, "apply", by=clerk, given={"assessment": (fee or owed_by(clerk)[0]).pk}
        )

    def submit(self, assets: int = 0) -> None:
        """The clerk declares and attaches; the head signs."""
        self.declare(assets)
        self.prove()
        self.sign()

    def declare(self, assets: int = 0) -> None:
        clerk = self.applicant(Role.ENT_CLERK)
        self.perform("declare", clerk, given={
            "circumstances": _("企业已停止经营，资产清算完毕，职工已妥善安置"),
            "assets": assets / 100,
            "difficulty": _("没有收入来源，主管部门无力代缴"),
            "standing_in": _("企业已不存在，由我单位代为申请") if clerk.on_behalf else "",
        })  # fmt: skip

    def prove(self) -> None:
        """What proves status, assets and difficulty; of who is bankrupt or closed also the court's ruling."""
        clerk = self.applicant(Role.ENT_CLERK)
        for kind in (StatusProof, AssetProof, DifficultyProof):
            self.attach(kind, clerk)
        if self.enterprise.enterprise.status in INSOLVENT:
            self.attach(InsufficiencyRuling, clerk)
            self.perform("prove_insufficiency", clerk)

    def sign(self) -> None:
        self.perform("submit", self.applicant(Role.ENT_HEAD))

    def accept(self) -> None:
        self.perform("accept", self.authority(Role.RMO_CLERK))

    def investigate(self) -> None:
        self.perform("investigate", self.authority(Role.RMO_REVIEWER))

    def report(self, assets: int = 0) -> None:
        """The reviewer and a second person look on the spot."""
        reviewer, second = self.authority(Role.RMO_REVIEWER), self.authority(Role.ARCHIVIST)
        self.attach(SiteNote, reviewer)
        checked = dict.fromkeys(("registration", "real_estate", "bank", "court", "sasac"), True)
        self.perform("report", reviewer, given=checked | {
            "second": second.user.name, "visited_on": timezone.localtime(now()).date(), "assets": assets / 100,
            "difficulty": "yes", "findings": _("厂址已由他人使用，账户余额为零，未发现其他资产"),
        })  # fmt: skip

    def conclude(self) -> None:
        self.perform("conclude", self.authority(Role.RMO_REVIEWER))

    def finance_opines(self, agrees: bool = True) -> None:
        self.opine("finance_opines", Role.FISCAL_REVIEWER, agrees, effect=_("专户少收，由同级财政负担"))

    def owner_opines(self, agrees: bool = True) -> None:
        self.opine("owner_opines", Role.DEPT_LIAISON, agrees)

    def send_up(self) -> None:
        given = {"agrees": "yes", "words": _("符合豁免条件，请政府审批")}
        self.perform("send_up", self.office("labour", Role.LABOUR_HEAD), given=given)

    def decide(self) -> None:
        government = self.office("government", Role.GOV_APPROVER)
        self.attach(GovernmentMinutes, government)
        given = {
            "decision_number": _("示例府函〔2026〕%s号") % self.case.pk,
            "grounds": _("四项条件均已查明。"),
        }
        self.perform("approve", government, given=given)

    def file(self) -> None:
        self.perform("file", self.authority(Role.RMO_CLERK))

    # --- the small words ---

    def opine(self, move: str, role: str, agrees: bool, **more) -> None:
        stages = [stage.name for stage in ExemptionOpinion.moves[move].sources]
        opinion = ExemptionOpinion.objects.get(case=self.case, stage__in=stages)
        words = _("情况属实，同意") if agrees else _("财政困难，不同意")
        given = {"agrees": "yes" if agrees else "no", "words": words, **more}
        self.perform(move, self.cast.holder(role, opinion.organisation_id), row=opinion, given=given)

    def attach(self, kind, by) -> None:
        """A paper like no other: what was used up by one act does not serve the next."""
        content = f"%PDF-1.4\n%%EOF demonstration {self.case.row_seq}\n".encode()
        attach(self.case, kind, content, name=f"{kind.title}.pdf", by=by)

    def perform(self, move: str, by, *, row=None, **terms):
        self.between(new_stage=False)
        done = perform(row or self.case, move, by=by, **terms)
        self.case = FeeExemption.objects.get(pk=self.case.pk)
        return done

    def applicant(self, role: str):
        if self.case:
            return self.cast.holder(role, self.case.applicant_id)
        standing_in = self.enterprise.represented_by.filter(
            kind__in=[OrgKind.OWNER_UNIT, OrgKind.LIQUIDATOR], active_until=None
        )
        return self.cast.holder(role, (standing_in.first() or self.enterprise).pk)

    def authority(self, role: str):
        return self.cast.holder(role, self.case.authority_id)

    def office(self, name: str, role: str):
        return self.cast.holder(role, self.case.office(name).pk)
