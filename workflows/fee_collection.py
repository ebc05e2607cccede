"""The one-off management fee of a batch: assessed, reviewed, issued, paid into the special account, reconciled.

Basis: 揭府办〔2005〕77号, section 六(一).
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Event
from apps.documents.fee_papers import (
    AssessmentSheet,
    ClaimReceipt,
    ClaimStatement,
    DunningNotice,
    FiscalReceipt,
    NoChargeStatement,
    PaymentNotice,
    SupplementNotice,
)
from apps.engine.words import CLOCK, SYSTEM, Demand, Stage, days
from apps.fees import settlement, standing
from apps.fees.forms import ClaimForm, CreditForm, PayerForm, RefundForm, SupplementForm
from apps.fees.models import FeeAssessment, FeeRefund, PayerBasis
from apps.fees.payers import NO_MORE
from apps.fees.taking import credit_in, take_in
from apps.treasury.models import SpecialAccount

from .fee_events import (
    EXEMPTION_ASKED,
    EXEMPTION_GRANTED,
    EXEMPTION_OVER,
    EXEMPTION_PART_GRANTED,
    EXEMPTION_REVOKED,
)
from .fee_refund import OVER as REFUND_OVER
from .fee_refund import Refund
from .parties import FEE_CLERK, FISCAL_OFFICER, FISCAL_REVIEWER, RMO_HEAD, RMO_REVIEWER

FROM_THE_AGREEMENT = ["agreed", "clearing", "ready", "handing_over", "partial", "completed"]
RELEASING = [f"transferitem.{move}" for move in ("remove", "end_by_death")]
"""What takes people out of an assessment."""

enterprise_is_no_more = Q(case__enterprise__enterprise__status__in=NO_MORE)

something_due = Demand(_("有应缴金额"), Q(amount_fen__gt=0))
nothing_due = Demand(_("按规定免收"), Q(amount_fen=0))
payer_fits_the_status = Demand(
    _("破产、关闭、退出企业的经费，由清算组、主管部门或同级财政缴交"),
    ~enterprise_is_no_more | ~Q(payer_basis=PayerBasis.ENTERPRISE),
)
gone_with_assets = Demand(_("企业已破产、关闭或退出，经费在其变现资产中解决"), enterprise_is_no_more)
account_kept = Demand(
    _("该级财政部门已登记财政专户"),
    lambda given: Q(Exists(SpecialAccount.objects.filter(finance=OuterRef("finance")))),
)
money_announced = Demand(_("银行到账明细中有与本核定相符的款项"), standing.something_announced)
all_announced = Demand(_("到账款项已足额"), standing.announced_covers)
not_all_announced = Demand(_("到账款项尚不足额"), lambda given: ~standing.announced_covers(given))
all_received = Demand(_("已收款项足额"), standing.received_covers)
less_than_due = Demand(_("已收款项不足应缴金额"), lambda given: ~standing.received_covers(given))
more_than_due = Demand(_("已收款项多于应缴金额"), standing.received_too_much)
money_in_transit = Demand(_("有尚未入专户的款项"), standing.in_transit)
months_signed = Demand(_("入账月份的对账单已由财政和退管机构双方签署"), standing.months_signed)
nothing_received = Demand(_("尚未收到任何款项"), standing.nothing_received)
no_open_refund = Demand(
    _("没有未办结的退付"),
    lambda given: (
        ~Q(Exists(FeeRefund._base_manager.filter(assessment=OuterRef("pk")).exclude(stage__in=REFUND_OVER)))
    ),
)


def _dunned_three_times(given) -> Q:
    duns = Event.objects.filter(
        stream="case", stream_id=OuterRef("case_id"), machine="feecollection", move="dun"
    )
    return Q(Exists(duns.order_by("pk")[2:3]))


dunned_less_than_three_times = Demand(
    _("催缴不超过三次，仍未缴交的报市"), lambda given: ~_dunned_three_times(given)
)


def _supplement(deed) -> None:
    settlement.supplement(deed, FeeCollection)


def _ask_refund(deed) -> None:
    settlement.ask_refund(deed, Refund)


class FeeCollection(FeeAssessment):
    """管理活动经费收缴"""

    on = {
        EXEMPTION_ASKED: "pend",
        EXEMPTION_GRANTED: "exempt",
        EXEMPTION_PART_GRANTED: "exempt_in_part",
        EXEMPTION_OVER: "reissue",
        EXEMPTION_REVOKED: "reopen",
    }

    awaiting = Stage(_("待核定"), FEE_CLERK, within=days("fee.assessment"), start=True)
    draft = Stage(_("拟核"), RMO_REVIEWER, within=days("fee.review"))
    reviewed = Stage(_("已复核"), RMO_HEAD, within=days("fee.issue"))
    issued = Stage(_("已下达缴款通知"), FISCAL_OFFICER, within=days("fee.payment"))
    part_paid = Stage(_("部分缴款"), FISCAL_OFFICER, within=days("fee.payment"))
    overdue = Stage(_("逾期未缴"), FEE_CLERK, within=days("fee.dunning"))
    asset_pending = Stage(_("待资产变现"), RMO_REVIEWER, untimed=_("期限由法院或清算组公告"))
    exemption_pending = Stage(_("豁免审理中"))
    part_exempted = Stage(_("部分豁免"))
    paid = Stage(_("已缴足"), FISCAL_OFFICER, within=days("fee.credit"))
    credited = Stage(_("已入财政专户"), FISCAL_REVIEWER, within=days("fee.reconciliation"))
    reconciled = Stage(_("已对账"), rests=True)
    exempted = Stage(_("已豁免"), rests=True)
    overpaid = Stage(_("多缴待退"), FEE_CLERK, within=days("refund.application"))
    refunded = Stage(_("已退付"), FISCAL_REVIEWER, within=days("fee.reconciliation"))
    no_charge = Stage(_("政策免收"), end=True)
    cancelled = Stage(_("已作废"), end=True)

    unpaid = issued | overdue | asset_pending

    # assessed, reviewed and issued by three people of the bureau
    assess = awaiting.to(
        draft, _("核定"), by=FEE_CLERK, asks=PayerForm, does=settlement.name_payer, during=FROM_THE_AGREEMENT,
        gives=[AssessmentSheet], basis="六(一)",
    )  # fmt: skip
    free = draft.to(
        no_charge, _("按规定免收"), by=SYSTEM, needs=[nothing_due], after=[assess], gives=[NoChargeStatement],
        basis="六(一)",
    )  # fmt: skip
    reassess = draft.stays(
        _("重新核定"), by=FEE_CLERK, asks=PayerForm, does=settlement.name_payer, gives=[AssessmentSheet],
    )  # fmt: skip
    review = draft.to(
        reviewed, _("复核"), by=RMO_REVIEWER, other_than=(assess, reassess),
        needs=[something_due, payer_fits_the_status, account_kept], during=FROM_THE_AGREEMENT,
    )  # fmt: skip
    send_back = reviewed.to(draft, _("退回重核"), by=RMO_HEAD, reason=True)
    issue = reviewed.to(
        issued, _("下达缴款通知"), by=RMO_HEAD, other_than=(assess, review), during=FROM_THE_AGREEMENT,
        gives=[PaymentNotice, SupplementNotice], basis="六(一)",
    )  # fmt: skip

    # the bank takes the money, finance confirms it: never the bureau that issued the notice
    take = (unpaid | part_paid).to(
        paid, _("确认缴足"), by=FISCAL_OFFICER, needs=[money_announced, all_announced], does=take_in,
        gives=[FiscalReceipt], basis="六(一)",
    )  # fmt: skip
    take_part = (unpaid | part_paid).to(
        part_paid, _("确认部分缴款"), by=FISCAL_OFFICER, needs=[money_announced, not_all_announced], does=take_in,
        gives=[FiscalReceipt], basis="六(一)",
    )  # fmt: skip
    credit = paid.to(
        credited, _("确认入专户"), by=FISCAL_OFFICER, asks=CreditForm, does=credit_in, basis="六(一)",
    )  # fmt: skip
    credit_meanwhile = (part_paid | overpaid).stays(
        _("确认入专户"), by=FISCAL_OFFICER, needs=[money_in_transit], asks=CreditForm, does=credit_in,
    )  # fmt: skip
    reconcile = (credited | refunded).to(
        reconciled, _("对账"), by=FISCAL_REVIEWER, other_than=(take, take_part, credit), needs=[months_signed],
        basis="六(一)",
    )  # fmt: skip

    # who does not pay
    lapse = (issued | part_paid).to(overdue, _("逾期未缴"), by=CLOCK)
    dun = overdue.stays(
        _("催缴"), by=FEE_CLERK, needs=[dunned_less_than_three_times], gives=[DunningNotice], basis="六(一)",
    )  # fmt: skip
    claim = (issued | overdue).to(
        asset_pending, _("向清算组申报债权"), by=RMO_REVIEWER, needs=[gone_with_assets], takes=[ClaimReceipt],
        asks=ClaimForm, does=settlement.note_claim, gives=[ClaimStatement], basis="六(一)",
    )  # fmt: skip

    # what an exemption does
    pend = (unpaid | part_paid).to(exemption_pending, _("豁免申请已受理"), by=SYSTEM)
    exempt = exemption_pending.to(exempted, _("准予豁免"), by=SYSTEM, basis="六(一)")
    exempt_in_part = exemption_pending.to(part_exempted, _("部分豁免"), by=SYSTEM, basis="六(一)")
    settle_rest = (part_exempted | part_paid).to(
        paid, _("余款已缴足"), by=SYSTEM, needs=[all_received], after=[exempt_in_part, *RELEASING],
    )  # fmt: skip
    demand_rest = part_exempted.to(
        issued, _("通知缴交余款"), by=SYSTEM, after=[exempt_in_part], gives=[PaymentNotice],
    )  # fmt: skip
    reissue = exemption_pending.to(issued, _("恢复缴款"), by=SYSTEM, gives=[PaymentNotice])
    reopen = (exempted | paid | credited | reconciled).to(
        issued, _("豁免撤销，恢复缴款"), by=SYSTEM, needs=[less_than_due], gives=[PaymentNotice],
    )  # fmt: skip

    # what was paid too much, and too little
    overpay = (part_paid | paid | credited | reconciled | exempted).to(
        overpaid, _("多缴待退"), by=SYSTEM, needs=[more_than_due],
        after=[take, exempt, settle_rest, *RELEASING],
    )  # fmt: skip
    apply_for_refund = overpaid.stays(
        _("申请退付"), by=FEE_CLERK, needs=[no_open_refund], asks=RefundForm, reason=settlement.GROUNDS,
        does=_ask_refund, basis="六(一)",
    )  # fmt: skip
    refund = overpaid.to(refunded, _("已退付"), by=SYSTEM, after=["refund.pay"])
    supplement = (credited | reconciled).stays(
        _("补缴"), by=FEE_CLERK, reason=True, asks=SupplementForm, does=_supplement, basis="六(一)",
    )  # fmt: skip
    cancel = (awaiting | draft | reviewed | issued).to(
        cancelled, _("作废"), by=SYSTEM, needs=[nothing_received], does=settlement.void_charges,
        after=[f"transferbatch.{move}" for move in ("reopen", "renegotiate", "withdraw", "terminate")],
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("经费收缴")
        verbose_name_plural = _("经费收缴")


CLEARED = [
    stage.name
    for stage in (
        FeeCollection.paid,
        FeeCollection.credited,
        FeeCollection.reconciled,
        FeeCollection.overpaid,
        FeeCollection.refunded,
        FeeCollection.exempted,
        FeeCollection.no_charge,
    )
]


def release_charges(deed) -> None:
    """Take people who will not be received out of the fee: what is not paid is lowered, what is paid goes back."""
    settlement.release(deed.ids, settled=[FeeCollection.no_charge.name, FeeCollection.cancelled.name])
