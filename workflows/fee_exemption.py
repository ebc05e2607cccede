"""Exempting an enterprise that is gone and has nothing left from the management fee, by decision of its government.

Basis: 揭府办〔2005〕77号, section 六(一): without assets, in real difficulty, approved by the local government.
What costs nothing by rule (免收) is no exemption and never comes here.
"""

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Value
from django.db.models.lookups import Exact, GreaterThan, LessThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.audit.models import Event
from apps.cases.models import Case, Evidence
from apps.clocks import standstill
from apps.documents.exemption_papers import (
    AssetProof,
    DifficultyProof,
    ExemptionAcceptance,
    ExemptionApplication,
    ExemptionDecision,
    ExemptionIndex,
    ExemptionPublicity,
    ExemptionRefusal,
    ExemptionRevocation,
    ExemptionSheet,
    GovernmentMinutes,
    HearingRecord,
    InsufficiencyRuling,
    InvestigationReport,
    ReconsiderationDecision,
    SiteNote,
    Submission,
)
from apps.documents.papers import CorrectionNotice, RefusalNotice, StatusProof, WithdrawalConfirmation
from apps.engine.judge import MOMENT
from apps.engine.words import CLOCK, SYSTEM, Demand, Reasons, Stage, days
from apps.exemptions import forms
from apps.exemptions.opening import enter_request, open_exemption, owed_by
from apps.exemptions.sums import assets, heads, outstanding
from apps.exemptions.telling import particulars
from apps.fees.models import WAITING
from apps.organisations.choices import OrgKind, Role
from apps.organisations.models import Post
from apps.transfers.forms import SuspensionForm

from . import exemption_deeds as deeds
from .demands import none, some
from .exemption_opinion import ExemptionOpinion
from .parties import (
    DECIDING_GOVERNMENT,
    ENT_CLERK,
    ENT_HEAD,
    GOV_APPROVER,
    LABOUR_HEAD,
    REVIEWING_GOVERNMENT,
    RMO_CLERK,
    RMO_HEAD,
    RMO_REVIEWER,
)

EXITED = ("EXITED", "EXITED_BEFORE")
STATUS = "enterprise__enterprise__status"


def _fen(amount: int) -> Value:
    return Value(amount, BigIntegerField())


def _ruled_insufficient(given) -> Q:
    ruling = Evidence.objects.filter(case=OuterRef("pk"), kind=InsufficiencyRuling.code)
    return Q(**{f"{STATUS}__in": deeds.INSOLVENT}) & Q(Exists(ruling))


def _outsider(given) -> Q:
    """Nobody of that name has acted in the case, or will give an opinion or decide."""
    acted = Event.objects.filter(stream="case", stream_id=OuterRef("pk"), actor__person=given["second"])
    offices = ("labour", "owner", "government", "reviewer", "assessment__finance")
    deciding = Q()
    for office in offices:
        deciding |= Q(organisation=OuterRef(f"exemption__{office}"))
    judges = Post.objects.held().filter(deciding, user__name=given["second"], role__in=JUDGES)
    return ~Q(Exists(acted)) & ~Q(Exists(judges))


JUDGES = (Role.LABOUR_HEAD, Role.FISCAL_REVIEWER, Role.DEPT_LIAISON, Role.GOV_APPROVER)


def _opined(asked_as: str):
    """A department has given its opinion in the present round."""
    return some(ExemptionOpinion, asked_as=asked_as, round=OuterRef("exemption__round"), stage="given")


# the four conditions of 六(一), each with its own sentence
exited = Demand(
    _("（一）属于退出企业（含此前已退出的企业）；破产、关闭企业须附法院或清算组关于资产不足的裁定"),
    lambda given: Q(**{f"{STATUS}__in": EXITED}) | _ruled_insufficient(given),
)
without_assets = Demand(
    _("（二）没有资产：登记的剩余资产为零，有资产的先在变现资产中解决"),
    lambda given: Q(Exact(assets(), _fen(0))),
)
assets_within_the_rest = Demand(
    _("（二）没有资产：剩余资产不超过仍须缴交的部分"),
    lambda given: Q(LessThanOrEqual(assets() + _fen(given["amount"]), outstanding())),
    of_given=True,
)
in_difficulty = Demand(_("（三）缴交确有困难，且经两人核查属实"), Q(exemption__difficulty_shown=True))
of_its_government = Demand(
    _("（四）由隶属级次的政府审批豁免；按现行设置，该隶属关系的单位可以豁免"),
    Q(exemption__government__isnull=False),
)
conditions = [exited, without_assets, in_difficulty, of_its_government]
conditions_of_a_part = [exited, assets_within_the_rest, in_difficulty, of_its_government]

declared = Demand(_("已填写退出情况、剩余资产和困难情况"), Q(exemption__assets_fen__isnull=False))
fee_is_due = Demand(
    _("该笔经费已下达缴款通知，尚未缴足"),
    lambda given: Q(exemption__assessment__stage__in=WAITING) & Q(GreaterThan(outstanding(), _fen(0))),
)
assets_fall_short = Demand(
    _("登记的资产不足以缴清该笔经费；足以缴清的，在变现资产中解决"),
    lambda given: Q(LessThan(assets(), outstanding())),
)
represented = Demand(
    _("此前已退出的企业由主管部门或清算组申请，并写明代为申请的理由"),
    ~Q(**{STATUS: "EXITED_BEFORE"})
    | (Q(applicant__kind__in=[OrgKind.OWNER_UNIT, OrgKind.LIQUIDATOR]) & ~Q(exemption__standing_in="")),
)
heads_agree = Demand(
    _("核定人数与名册人数一致"),
    lambda given: Q(Exact(heads(), F("exemption__assessment__heads"))),
)
second_is_outside = Demand(_("第二核查人没有办理过本件，也不是会签、审批本件的人"), _outsider, of_given=True)
reported = Demand(_("两人核查报告已提交"), Q(exemption__found_fen__isnull=False))
finance_opined = Demand(_("财政部门已会签"), _opined("FINANCE"))
owner_opined = Demand(_("国资（主管）部门已会签"), _opined("OWNER"))
everybody_opined = Demand(
    _("财政、国资（主管）部门均已会签"), none(ExemptionOpinion, stage__in=["with_finance", "with_owner"])
)
not_returned_before = Demand(_("政府尚未退回补充核查过（只退回一次）"), Q(exemption__returned=False))
only_a_part = Demand(
    _("部分豁免的金额少于尚欠金额"),
    lambda given: Q(LessThan(_fen(given["amount"]), outstanding())),
    of_given=True,
)
in_time = Demand(_("在申请复议的期限内"), lambda given: Q(due_at__gte=MOMENT))
not_appealed = Demand(
    _("对本决定尚未申请过复议；不服复议决定的，可以依法提起行政诉讼"), Q(exemption__appealed=False)
)
something_granted = Demand(_("已批准豁免"), Q(exemption__granted_fen__gt=0))
stands_still = Demand(_("案件已中止"), Q(suspended_at__isnull=False))

FAULTS = Reasons(
    {
        "status": _("退出证明不全或不符"),
        "assets": _("资产证明不全或不符"),
        "difficulty": _("困难情况说明不全"),
        "roster": _("申请人数或金额与核定不符"),
    }
)
REFUSALS = Reasons(
    {
        "standing": _("企业仍然存续，不属于退出企业"),
        "assets": _("企业尚有资产，经费应在变现资产中解决"),
        "affiliation": _("隶属关系不属于本级，或不适用豁免"),
    }
)
LACKS = Reasons(
    {
        "exited": _("不属于退出企业"),
        "assets": _("尚有资产"),
        "difficulty": _("缴交不属确有困难"),
        "evidence": _("证据不足"),
    }
)
GROUNDS = Reasons({"false": _("申请时隐瞒事实或提供虚假材料"), "assets": _("事后发现或取得资产")})


class FeeExemption(Case):
    """管理活动经费豁免"""

    opening = classmethod(open_exemption)
    subjects = staticmethod(owed_by)
    particulars = particulars
    offices = Case.offices | {
        "labour": "exemption__labour",
        "government": "exemption__government",
        "decider": "exemption__decided_by",
        "reviewer": "exemption__reviewer",
    }

    draft = Stage(_("草拟"), ENT_CLERK, untimed=_("由申请单位自行安排"))
    submitted = Stage(_("已申请"), RMO_CLERK, within=days("exemption.acceptance"))
    correction = Stage(_("待补正"), ENT_CLERK, within=days("exemption.correction"), paused=True)
    accepted = Stage(_("已受理"), RMO_REVIEWER, within=days("exemption.start"))
    investigating = Stage(_("资产与困难核查中"), RMO_REVIEWER, within=days("exemption.investigation"))
    publicised = Stage(_("公示中"), RMO_REVIEWER, within=days("exemption.publicity"))
    labour_opinion = Stage(
        _("劳动保障部门已审核"), LABOUR_HEAD, within=days("exemption.opinion"), items="exemptionopinion"
    )
    finance_opinion = Stage(
        _("财政部门已会签"), LABOUR_HEAD, within=days("exemption.sending"), items="exemptionopinion"
    )
    owner_opinion = Stage(
        _("国资（主管）部门已会签"), LABOUR_HEAD, within=days("exemption.sending"), items="exemptionopinion"
    )
    gov_review = Stage(_("政府审批中"), GOV_APPROVER, within=days("exemption.decision"))
    approved = Stage(_("准予豁免"), RMO_CLERK, within=days("exemption.filing"))
    part_approved = Stage(pgettext_lazy("豁免决定", "部分豁免"), ENT_HEAD, within=days("exemption.appeal"))
    rejected = Stage(pgettext_lazy("豁免决定", "不予豁免"), ENT_HEAD, within=days("exemption.appeal"))
    filed = Stage(_("已归档"), rests=True)
    reconsidering = Stage(_("复议中"), REVIEWING_GOVERNMENT, within=days("exemption.reconsideration"))
    revoked = Stage(_("豁免已撤销"), ENT_HEAD, within=days("exemption.appeal"))
    withdrawn = Stage(_("已撤回"), end=True)
    lapsed = Stage(_("逾期视为撤回"), end=True)

    before_publicity = submitted | correction | accepted | investigating
    under_way = before_publicity | publicised | labour_opinion | finance_opinion | owner_opinion | gov_review
    answered_in_part_or_not = part_approved | rejected | revoked

    # the enterprise, its liquidator, or the department that looks after one long gone applies
    apply = draft.opens(
        _("申请豁免"), by=ENT_CLERK, asks=forms.OpeningForm, does=enter_request, basis="六(一)"
    )
    declare = (draft | correction).stays(
        _("填写申请"), by=ENT_CLERK, asks=forms.DeclarationForm, does=deeds.keep_declaration, basis="六(一)",
    )  # fmt: skip
    prove_insufficiency = (draft | correction).stays(
        _("提交资产不足的裁定（破产、关闭企业）"), by=ENT_CLERK, takes=[InsufficiencyRuling],
    )  # fmt: skip
    submit = draft.to(
        submitted, _("提出申请"), by=ENT_HEAD, other_than=apply, takes=[StatusProof, AssetProof, DifficultyProof],
        needs=[declared, fee_is_due, represented, exited, assets_fall_short, of_its_government],
        gives=[ExemptionApplication], basis="六(一)",
    )  # fmt: skip
    resubmit = correction.to(
        submitted, _("补正后重新申请"), by=ENT_HEAD, other_than=apply,
        needs=[declared, fee_is_due, represented, exited, assets_fall_short, of_its_government],
        gives=[ExemptionApplication], basis="六(一)",
    )  # fmt: skip
    withdraw = (draft | before_publicity).to(
        withdrawn, _("撤回"), by=ENT_HEAD, reason=True, does=deeds.let_go, gives=[WithdrawalConfirmation],
        touches=["exemption__assessment__case"],
    )  # fmt: skip
    lapse = correction.to(
        lapsed, _("逾期视为撤回"), by=CLOCK, does=deeds.let_go, touches=["exemption__assessment__case"],
    )  # fmt: skip

    # the bureau accepts, and two of its people look into it on the spot
    accept = submitted.to(
        accepted, _("受理"), by=RMO_CLERK, needs=[fee_is_due], does=deeds.pend, gives=[ExemptionAcceptance],
        touches=["exemption__assessment__case"], basis="六(一)",
    )  # fmt: skip
    correct = submitted.to(
        correction, _("一次性告知补正"), by=RMO_CLERK, reason=FAULTS, gives=[CorrectionNotice],
    )  # fmt: skip
    refuse = submitted.to(
        rejected, pgettext_lazy("决定", "不予受理"), by=RMO_CLERK, reason=REFUSALS, gives=[RefusalNotice],
    )  # fmt: skip
    investigate = accepted.to(
        investigating, _("开始核查"), by=RMO_REVIEWER, other_than=accept, basis="六(一)",
    )  # fmt: skip
    report = investigating.stays(
        _("提交核查报告"), by=RMO_REVIEWER, other_than=accept, takes=[SiteNote], asks=forms.ReportForm,
        needs=[heads_agree, second_is_outside], does=deeds.keep_report, gives=[InvestigationReport], basis="六(一)",
    )  # fmt: skip
    publicise = investigating.to(
        publicised, _("公示"), by=RMO_REVIEWER, needs=[reported], gives=[ExemptionPublicity],
    )  # fmt: skip
    answer_objection = publicised.stays(
        _("登记异议及答复"), by=RMO_REVIEWER, asks=forms.ObjectionForm, does=deeds.keep_objection,
    )  # fmt: skip
    look_again = publicised.to(
        investigating, _("因异议重新核查"), by=RMO_REVIEWER, reason=True, does=deeds.investigate_anew,
    )  # fmt: skip
    conclude = investigating.to(
        labour_opinion, _("审核并送会签"), by=RMO_REVIEWER, needs=[reported], does=deeds.ask_opinions, basis="六(一)",
    )  # fmt: skip
    end_publicity = publicised.to(labour_opinion, _("公示期满送会签"), by=CLOCK, does=deeds.ask_opinions)

    # finance and owner give their opinions side by side; the head of the labour department sends both up
    note_finance = labour_opinion.to(
        finance_opinion, _("财政部门已会签"), by=SYSTEM, needs=[finance_opined],
        after=["exemptionopinion.finance_opines"],
    )  # fmt: skip
    note_owner = labour_opinion.to(
        owner_opinion, _("国资（主管）部门已会签"), by=SYSTEM, needs=[owner_opined],
        after=["exemptionopinion.owner_opines"],
    )  # fmt: skip
    send_up = (finance_opinion | owner_opinion).to(
        gov_review, _("上报政府"), by=LABOUR_HEAD, other_than=(accept, report), needs=[everybody_opined],
        asks=forms.OpinionForm, does=deeds.keep_labour_opinion, gives=[Submission], basis="六(一)",
    )  # fmt: skip

    # the government decides; nobody who had a hand in the case before
    before_the_government = (
        apply, submit, accept, report, conclude, send_up, ExemptionOpinion.moves["finance_opines"],
        ExemptionOpinion.moves["owner_opines"],
    )  # fmt: skip
    approve = gov_review.to(
        approved, _("准予豁免"), by=GOV_APPROVER, other_than=before_the_government, needs=conditions,
        takes=[GovernmentMinutes], asks=forms.GrantForm, does=deeds.grant, gives=[ExemptionDecision, ExemptionSheet],
        touches=["exemption__assessment__case"], basis="六(一)",
    )  # fmt: skip
    part_approve = gov_review.to(
        part_approved, pgettext_lazy("豁免决定", "部分豁免"), by=GOV_APPROVER, other_than=before_the_government,
        needs=[*conditions_of_a_part, only_a_part], takes=[GovernmentMinutes], asks=forms.PartGrantForm,
        does=deeds.grant_part, gives=[ExemptionDecision, ExemptionSheet],
        touches=["exemption__assessment__case"], basis="六(一)",
    )  # fmt: skip
    reject = gov_review.to(
        rejected, pgettext_lazy("豁免决定", "不予豁免"), by=GOV_APPROVER, other_than=before_the_government,
        reason=LACKS, asks=forms.DecisionForm, does=deeds.reject, gives=[ExemptionRefusal, ExemptionSheet],
        touches=["exemption__assessment__case"], basis="六(一)",
    )  # fmt: skip
    return_once = gov_review.to(
        investigating, _("退回补充核查"), by=GOV_APPROVER, reason=True, needs=[not_returned_before],
        does=deeds.send_back,
    )  # fmt: skip

    # reconsidered by the government above, revoked by the one that decided
    appeal = answered_in_part_or_not.to(
        reconsidering, _("申请复议"), by=ENT_HEAD, asks=forms.AppealForm, needs=[in_time, not_appealed],
        does=deeds.appeal, touches=["exemption__assessment__case"],
    )  # fmt: skip
    decided = (approve, part_approve, reject, *before_the_government)
    uphold = reconsidering.to(
        filed, _("维持原决定"), by=REVIEWING_GOVERNMENT, other_than=decided, reason=True, asks=forms.DecisionForm,
        does=deeds.uphold, gives=[ReconsiderationDecision, ExemptionIndex],
        touches=["exemption__assessment__case"],
    )  # fmt: skip
    change = reconsidering.to(
        approved, _("变更为准予豁免"), by=REVIEWING_GOVERNMENT, other_than=decided, needs=conditions,
        asks=forms.GrantForm, does=deeds.grant, gives=[ReconsiderationDecision],
        touches=["exemption__assessment__case"], basis="六(一)",
    )  # fmt: skip
    change_in_part = reconsidering.to(
        part_approved, _("变更为部分豁免"), by=REVIEWING_GOVERNMENT, other_than=decided,
        needs=[*conditions_of_a_part, only_a_part], asks=forms.PartGrantForm, does=deeds.grant_part,
        gives=[ReconsiderationDecision], touches=["exemption__assessment__case"], basis="六(一)",
    )  # fmt: skip
    redo = reconsidering.to(
        investigating, _("责令重作"), by=REVIEWING_GOVERNMENT, other_than=decided, reason=True,
        asks=forms.DecisionForm, does=deeds.redo, gives=[ReconsiderationDecision],
    )  # fmt: skip
    revoke = (approved | part_approved | filed).to(
        revoked, _("撤销豁免"), by=DECIDING_GOVERNMENT, reason=GROUNDS, needs=[something_granted],
        takes=[HearingRecord], asks=forms.RevocationForm, does=deeds.revoke, gives=[ExemptionRevocation],
        touches=["exemption__assessment__case"], basis="六(一)",
    )  # fmt: skip
    file = approved.to(filed, _("归档"), by=RMO_CLERK, does=deeds.close, gives=[ExemptionIndex])
    file_unchallenged = answered_in_part_or_not.to(
        filed, _("期满归档"), by=CLOCK, does=deeds.close, gives=[ExemptionIndex],
    )  # fmt: skip

    # what may come between
    suspend = under_way.stays(_("中止"), by=RMO_HEAD, reason=True, asks=SuspensionForm, does=standstill.stop)
    resume = under_way.stays(
        _("恢复办理"), by=RMO_HEAD, reason=True, needs=[stands_still], does=standstill.go_on, despite_suspension=True,
    )  # fmt: skip

    @staticmethod
    def rehearsal():
        """Who walks this process for the demo town."""
        from .rehearsals.exemption import ExemptionRehearsal  # it imports this file

        return ExemptionRehearsal

    class Meta:
        proxy = True
        verbose_name = _("管理活动经费豁免")
        verbose_name_plural = _("管理活动经费豁免")
