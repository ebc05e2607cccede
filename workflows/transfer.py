"""Handing an enterprise's retirees over to the streets and communities where they live.

Basis: 揭府办〔2005〕77号, sections 三, 五(一)2, 五(二)3, 五(三), 六(一) and 八.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.cases.models import Case
from apps.clocks import standstill
from apps.documents.papers import (
    AcceptanceNotice,
    CaseIndex,
    ConfirmedRoster,
    CorrectionNotice,
    DifferenceList,
    HandoverNotice,
    HandoverRecord,
    ObligationList,
    RefusalNotice,
    StatusProof,
    StreetOpinion,
    TerminationNotice,
    TransferAgreement,
    TransferApplication,
    WithdrawalConfirmation,
)
from apps.engine.words import CLOCK, SYSTEM, Demand, Reasons, Stage, days
from apps.exchange.matching import query_list
from apps.exchange.uploads import keep_left_out, keep_upload
from apps.transfers.forms import AnswerForm, AppointmentForm, LeaveOutForm, RosterForm, SuspensionForm
from apps.transfers.models import RosterRow, RosterVersion, Signature
from apps.transfers.opening import open_batch

from .demands import nobody, none, some, somebody
from .parties import ENT_CLERK, ENT_HEAD, RMO_CLERK, RMO_HEAD, RMO_REVIEWER
from .transfer_deeds import (
    enter_items,
    keep_answer,
    keep_appointment,
    lay_before_signers,
    update_items,
)

UNMATCHED = ("listed", "invalid", "valid", "mismatch")
UNCONFIRMED = ("placed", "disputed", "arbitrating")
WITH_THE_STREET = ("received", "enrolled", "settled")


def roster_rows(**facts):
    """The roster in force has a row of which these facts hold."""
    rows = RosterRow.objects.current
    return lambda given: Q(Exists(rows().filter(version__case=OuterRef("pk"), left_out=False, **facts)))


liaison_named = Demand(
    _("企业已登记联系人及电话"),
    ~Q(enterprise__enterprise__liaison_name="") & ~Q(enterprise__enterprise__liaison_phone=""),
)
roster_uploaded = Demand(_("已上传花名册"), some(RosterVersion))
roster_is_whole = Demand(
    _("花名册整表没有阻止申报的问题（如封面人数不符、非本企业名册）"),
    none(RosterVersion, superseded=False, blocked=True),
)
no_faulty_row_left = Demand(
    _("不合格的行已改正，或已注明不申报"), lambda given: ~roster_rows(blocking=True)(given)
)
somebody_listed = Demand(_("花名册至少有一名可申报的退休人员"), roster_rows(blocking=False))
everybody_matched = nobody(_("每个人都已比对一致或已查明"), *UNMATCHED)
nobody_undecided = nobody(_("没有待核实、有异议或待裁定的人员"), *UNMATCHED, *UNCONFIRMED)
somebody_confirmed = somebody(_("至少有一人经街道确认"), "confirmed")
all_signed = Demand(_("各方均已签署协议"), none(Signature, stage="waiting"))
everybody_cleared = nobody(_("每名已确认人员的经费已缴清、豁免或免收"), "confirmed")
somebody_received = somebody(_("已有人员被接收"), *WITH_THE_STREET)
somebody_left = somebody(_("尚有人员未办结"), "cleared")
everybody_decided = nobody(_("每名人员均已接收、退回、暂缓、剔除或终止"), "confirmed", "cleared")
nobody_left = nobody(
    _("没有可以接收的人员"), *UNMATCHED, *UNCONFIRMED, "confirmed", "cleared", *WITH_THE_STREET
)
stands_still = Demand(_("案件已中止"), Q(suspended_at__isnull=False))

FAULTS = Reasons(
    {
        "papers": _("申报材料不齐"),
        "roster": _("花名册内容有误"),
        "status": _("单位状态证明不符"),
        "obligations": _("续责事项未申报"),
    }
)
REFUSALS = Reasons(
    {
        "scope": _("不属于企业退休人员社会化管理范围"),
        "level": _("不属于本级受理，请向有权机构申报"),
        "again": _("与已受理的批次重复"),
    }
)


class TransferBatch(Case):
    """企业退休人员移交"""

    opening = classmethod(open_batch)
    hands_out = {"record_answer": (_("下载社保比对名单"), query_list)}

    draft = Stage(_("草拟"), ENT_CLERK, untimed=_("由企业自行安排"))
    submitted = Stage(_("已申报"), RMO_CLERK, within=days("transfer.acceptance"))
    correction = Stage(_("待补正"), ENT_CLERK, within=days("transfer.correction"), paused=True)
    accepted = Stage(_("已受理"), RMO_CLERK, within=days("transfer.query"))
    matching = Stage(_("社保比对中"), RMO_CLERK, within=days("transfer.match"))
    allocating = Stage(
        _("分派核实中"), RMO_REVIEWER, within=days("transfer.confirmation"), items="transferitem"
    )
    list_fixed = Stage(
        _("名册已确认"), RMO_REVIEWER, within=days("transfer.agreement"), items="agreementsignature"
    )
    agreed = Stage(_("协议已签订"), RMO_HEAD, within=days("transfer.agreement"), items="feecollection")
    clearing = Stage(_("缴费/豁免中"), RMO_HEAD, within=days("fee.payment"), items="feecollection")
    ready = Stage(_("待交接"), RMO_HEAD, within=days("transfer.handover"))
    handing_over = Stage(_("交接中"), RMO_HEAD, within=days("transfer.handing_over"), items="transferitem")
    partial = Stage(_("部分移交"), RMO_HEAD, within=days("transfer.remainder"), items="transferitem")
    completed = Stage(_("已移交"), end=True)
    refused = Stage(_("不予受理"), end=True)
    withdrawn = Stage(_("已撤回"), end=True)
    terminated = Stage(_("已终止"), end=True)

    before_agreement = submitted | accepted | matching | allocating | list_fixed
    accepted_and_open = accepted | matching | allocating | list_fixed | agreed | clearing | ready
    under_way = before_agreement | correction | agreed | clearing | ready | handing_over | partial

    # the enterprise files
    prepare = draft.opens(_("填报名册"), by=ENT_CLERK, needs=[liaison_named], basis="八")
    upload = (draft | correction).stays(
        _("上传花名册"), by=ENT_CLERK, asks=RosterForm, does=keep_upload, basis="八"
    )
    leave_out = (draft | correction).stays(
        _("注明不申报"), by=ENT_CLERK, asks=LeaveOutForm, does=keep_left_out, basis="八",
    )  # fmt: skip
    submit = draft.to(
        submitted, _("申报"), by=ENT_HEAD, other_than=prepare, takes=[StatusProof],
        needs=[liaison_named, roster_uploaded, roster_is_whole, no_faulty_row_left, somebody_listed], does=enter_items,
        touches=["authority"], gives=[TransferApplication, ObligationList], basis="八",
    )  # fmt: skip
    resubmit = correction.to(
        submitted, _("补正后重新申报"), by=ENT_HEAD, other_than=prepare, does=update_items,
        needs=[roster_is_whole, no_faulty_row_left, somebody_listed], touches=["authority"], basis="八",
    )  # fmt: skip
    withdraw = (draft | correction | before_agreement).to(
        withdrawn, _("撤回"), by=ENT_HEAD, reason=True, gives=[WithdrawalConfirmation],
    )  # fmt: skip
    lapse = correction.to(withdrawn, _("逾期视为撤回"), by=CLOCK)

    # the bureau of the enterprise's level accepts, matches and sends the people to their streets
    accept = submitted.to(
        accepted, _("受理"), by=RMO_CLERK, gives=[AcceptanceNotice], basis="五(一)2、五(二)3",
    )  # fmt: skip
    correct = submitted.to(
        correction, _("一次性告知补正"), by=RMO_CLERK, reason=FAULTS, gives=[CorrectionNotice],
    )  # fmt: skip
    refuse = submitted.to(
        refused, pgettext_lazy("决定", "不予受理"), by=RMO_CLERK, reason=REFUSALS, gives=[RefusalNotice],
    )  # fmt: skip
    query = accepted.to(matching, _("发送比对名单"), by=RMO_CLERK, basis="七(二)")
    record_answer = matching.stays(
        _("导入比对结果"), by=RMO_CLERK, asks=AnswerForm, does=keep_answer, gives=[DifferenceList],
        basis="七(二)",
    )  # fmt: skip
    allocate = matching.to(
        allocating, _("分派街道核实"), by=RMO_CLERK, needs=[everybody_matched], basis="三",
    )  # fmt: skip
    fix = allocating.to(
        list_fixed, _("确认名册"), by=RMO_REVIEWER, other_than=accept,
        needs=[nobody_undecided, somebody_confirmed], does=lay_before_signers,
        gives=[ConfirmedRoster, StreetOpinion],
    )  # fmt: skip
    reopen = list_fixed.to(allocating, _("重新核实"), by=RMO_REVIEWER, reason=True)

    # agreement, fee, handover
    agree = list_fixed.to(
        agreed, _("协议签订"), by=SYSTEM, needs=[all_signed], after=["agreementsignature.sign"],
        gives=[TransferAgreement], basis="八",
    )  # fmt: skip
    renegotiate = agreed.to(list_fixed, _("协议条款变更"), by=RMO_HEAD, reason=True)
    relay = list_fixed.stays(
        _("重新提交签署"), by=SYSTEM, does=lay_before_signers, after=["feecollection.cancel"],
    )  # fmt: skip
    begin_clearing = agreed.to(
        clearing, _("进入缴费"), by=SYSTEM, after=["feecollection.issue", "feecollection.free"], basis="六(一)",
    )  # fmt: skip
    be_ready = clearing.to(
        ready, _("经费已清"), by=SYSTEM, needs=[everybody_cleared], after=["transferitem.clear"], basis="六(一)",
    )  # fmt: skip
    hand_over = ready.to(
        handing_over, _("安排交接"), by=RMO_HEAD, other_than=(accept, fix), asks=AppointmentForm,
        does=keep_appointment, gives=[HandoverNotice],
    )  # fmt: skip
    part = handing_over.to(
        partial, pgettext_lazy("决定", "部分移交"), by=RMO_HEAD, needs=[somebody_received, somebody_left],
        gives=[HandoverRecord],
    )  # fmt: skip
    complete = (handing_over | partial).to(
        completed, _("移交完成"), by=SYSTEM, needs=[everybody_decided], gives=[HandoverRecord, CaseIndex],
        after=[hand_over, "transferbatch.resume"]
        + [f"transferitem.{move}" for move in ("receive", "send_back", "defer", "remove", "end_by_death")],
    )  # fmt: skip

    # what may come between
    terminate = accepted_and_open.to(
        terminated, _("终止"), by=RMO_HEAD, reason=True, needs=[nobody_left], gives=[TerminationNotice],
    )  # fmt: skip
    suspend = under_way.stays(_("中止"), by=RMO_HEAD, reason=True, asks=SuspensionForm, does=standstill.stop)
    resume = under_way.stays(
        _("恢复办理"), by=RMO_HEAD, reason=True, needs=[stands_still], does=standstill.go_on, despite_suspension=True,
    )  # fmt: skip

    @staticmethod
    def rehearsal():
        """Who walks this process for the demo town."""
        from .rehearsals.transfer import TransferRehearsal  # it imports this file

        return TransferRehearsal

    class Meta:
        proxy = True
        verbose_name = _("企业退休人员移交")
        verbose_name_plural = _("企业退休人员移交")
