"""Each retiree of a transfer: checked, matched, placed, confirmed by the street, received and met.

Basis: 揭府办〔2005〕77号, sections 三, 五(三), 五(四) and 六(一).
"""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.cases.models import CaseItem
from apps.documents.papers import DeathProof, PlacementRuling, ResidenceTransfer
from apps.engine.words import CLOCK, SYSTEM, Demand, Reasons, Stage, days
from apps.fees.models import Charge
from apps.transfers.forms import (
    ConfirmForm,
    CorrectionForm,
    DeathForm,
    DeferralForm,
    MeetingForm,
    PlacementForm,
)
from apps.transfers.models import RosterRow
from apps.transfers.people import (
    assign_station,
    correct_row,
    defer,
    explain_fault,
    place,
    take_over,
)

from .death import end_by_death
from .demands import alive, not_managed_yet
from .fee_collection import CLEARED, release_charges
from .parties import (
    CITY_REVIEWER,
    COUNTY_REVIEWER,
    ENT_CLERK,
    RMO_CLERK,
    RMO_REVIEWER,
    STATION_WORKER,
    STREET_AS_STATION,
    STREET_CLERK,
    STREET_HEAD,
)

BEFORE_AGREEMENT = ["submitted", "correction", "accepted", "matching", "allocating"]
BEFORE_COMPLETION = [
    *BEFORE_AGREEMENT,
    "list_fixed",
    "agreed",
    "clearing",
    "ready",
    "handing_over",
    "partial",
]
AT_HANDOVER = ["handing_over", "partial"]
FROM_HANDOVER = [*AT_HANDOVER, "completed"]

without_fault = Demand(_("没有待解决的问题"), Q(faults=[]))
with_fault = Demand(_("有待解决的问题"), ~Q(faults=[]))


def _in_a_cleared_assessment(given) -> Q:
    charges = Charge.objects.filter(item=OuterRef("pk"), void=False)
    return Q(Exists(charges.filter(assessment__stage__in=CLEARED)))


fee_cleared = Demand(_("管理活动经费已缴清、已豁免或按规定免收"), _in_a_cleared_assessment)


def _in_the_roster(given) -> Q:
    rows = RosterRow.objects.current().filter(version__case=OuterRef("case"), blocking=False, left_out=False)
    return Q(Exists(rows.filter(identity=OuterRef("retiree__identity"))))


no_longer_filed = Demand(_("补正后的花名册已无此人"), lambda given: ~_in_the_roster(given))
lives_there = Demand(
    _("接收街道为其常年居住地或户口所在地的街道"), Q(organisation=F("residence")) | Q(organisation=F("hukou"))
)
to_a_street_of_theirs = Demand(
    _("所选街道为其常年居住地或户口所在地的街道"),
    lambda given: Q(residence=given["street"]) | Q(hukou=given["street"]),
    of_given=True,
)
within_the_county = Demand(
    _("所选街道在本县（市、区）内；跨县的请提请市裁定"),
    lambda given: Q(organisation__superior=given["street"].superior_id),
    of_given=True,
)
a_station_of_that_street = Demand(
    _("所选退管站属于该接收街道"),
    lambda given: Q(organisation=given["station"].parent_id) if given["station"] else Q(pk__isnull=False),
    of_given=True,
)

DISPUTES = Reasons(
    {
        "elsewhere": _("非本辖区"),
        "unknown": _("查无此人"),
        "moved": _("人户分离且已迁出"),
        "dead": _("已死亡"),
        "duplicate": _("重复"),
    }
)
RETURNS = Reasons(
    {
        "facts": _("人员情况与名册不符"),
        "papers": _("材料不齐"),
        "absent": _("本人未到场且无人代理"),
        "other": _("其他"),
    }
)
REMOVALS = Reasons(
    {
        "duplicate": _("重复"),
        "not_theirs": _("非本企业退休人员"),
        "managed": _("已纳入社会化管理"),
        "veteran": _("离休人员"),
        "survivor": _("遗属"),
        "dispatched": _("劳务派遣"),
        "collective": _("厂办大集体"),
    }
)
DEFERRALS = Reasons(
    {
        "hospital": _("住院"),
        "abroad": _("在境外"),
        "pension": _("养老金有争议"),
        "objects": _("本人有异议"),
        "moving": _("正在迁居"),
    }
)


class TransferItem(CaseItem):
    """移交人员"""

    within_case = "transferbatch"

    listed = Stage(_("列入名册"), start=True)
    invalid = Stage(_("校验不通过"), ENT_CLERK, within=days("item.correction"), settled=True)
    valid = Stage(_("校验通过"), RMO_CLERK, untimed=_("期限为批次比对的期限"))
    mismatch = Stage(_("社保比对不一致"), ENT_CLERK, within=days("item.correction"))
    placed = Stage(_("待街道核实"), STREET_CLERK, within=days("item.confirmation"))
    disputed = Stage(_("街道提出异议"), COUNTY_REVIEWER, within=days("item.dispute"))
    arbitrating = Stage(_("上级裁定中"), CITY_REVIEWER, within=days("item.arbitration"))
    confirmed = Stage(_("街道已确认"))
    cleared = Stage(_("待交接"), STREET_HEAD, untimed=_("期限为批次交接的期限"))
    received = Stage(_("已接收"), STREET_CLERK, within=days("item.enrolment"), settled=True)
    enrolled = Stage(_("已建台帐"), STATION_WORKER, within=days("item.meeting"), settled=True)
    settled = Stage(_("已见面发卡"), end=True)
    deferred = Stage(_("暂缓移交"), RMO_CLERK, within=days("item.deferral"))
    returned = Stage(_("退回企业"), RMO_REVIEWER, untimed=_("由企业整改后列入新的批次"))
    removed = Stage(_("已剔除"), end=True)
    ended_death = Stage(_("移交中死亡终止"), end=True)

    undecided = listed | valid | placed | disputed | arbitrating
    held_by_enterprise = invalid | mismatch | undecided | confirmed | cleared | deferred | returned

    # the roster is checked, and matched with the social-insurance agency
    pass_rules = listed.to(
        valid, _("校验通过"), by=SYSTEM, needs=[without_fault, alive, not_managed_yet],
        after=["transferbatch.submit", "transferbatch.resubmit", "transferitem.correct"],
    )  # fmt: skip
    fail_rules = listed.to(
        invalid, _("校验不通过"), by=SYSTEM, does=explain_fault,
        after=["transferbatch.submit", "transferbatch.resubmit", "transferitem.correct"],
    )  # fmt: skip
    leave_out = (listed | valid | invalid).to(
        removed, _("补正后不再申报"), by=SYSTEM, needs=[no_longer_filed], after=["transferbatch.resubmit"],
    )  # fmt: skip
    differ = valid.to(
        mismatch, _("比对不一致"), by=SYSTEM, needs=[with_fault], after=["transferbatch.record_answer"],
        during=["matching"],
    )  # fmt: skip
    match = valid.to(
        placed, _("比对一致，分派街道"), by=SYSTEM, needs=[without_fault, lives_there], during=["matching"],
        after=["transferbatch.record_answer"], basis="三",
    )  # fmt: skip
    correct = (invalid | mismatch).to(
        listed, _("更正"), by=ENT_CLERK, asks=CorrectionForm, does=correct_row, during=BEFORE_AGREEMENT,
    )  # fmt: skip
    explain = mismatch.to(
        valid, _("已查明，按名册办理"), by=RMO_CLERK, reason=True, does=correct_row, during=["matching"],
    )  # fmt: skip
    assign = valid.to(
        placed, _("分派街道"), by=RMO_CLERK, needs=[without_fault, lives_there], during=["matching"], basis="三",
    )  # fmt: skip

    # the street says whether the person lives there
    confirm = placed.to(
        confirmed, _("确认接收"), by=STREET_CLERK, needs=[alive, a_station_of_that_street], asks=ConfirmForm,
        does=assign_station, during=["allocating"], basis="五(三)",
    )  # fmt: skip
    dispute = placed.to(
        disputed, _("提出异议"), by=STREET_CLERK, reason=DISPUTES, during=["allocating"],
    )  # fmt: skip
    silence = placed.to(
        disputed, _("逾期未核实，提请上级"), by=CLOCK, during=["allocating"],
    )  # fmt: skip
    replace = (placed | confirmed).to(
        placed, _("改派街道"), by=RMO_CLERK, reason=True, asks=PlacementForm, needs=[to_a_street_of_theirs],
        does=place, during=["allocating"], gives=[ResidenceTransfer], basis="三",
    )  # fmt: skip
    settle = disputed.to(
        confirmed, _("裁定由该街道接收"), by=COUNTY_REVIEWER, reason=True, during=["allocating"],
        gives=[PlacementRuling], basis="五(二)3",
    )  # fmt: skip
    redirect = disputed.to(
        placed, _("裁定改由另一街道接收"), by=COUNTY_REVIEWER, reason=True, asks=PlacementForm, does=place,
        needs=[to_a_street_of_theirs, within_the_county], during=["allocating"], gives=[PlacementRuling],
        basis="五(二)3",
    )  # fmt: skip
    refer = disputed.to(
        arbitrating, _("提请市裁定"), by=COUNTY_REVIEWER, reason=True, during=["allocating"], basis="五(一)4",
    )  # fmt: skip
    rule = arbitrating.to(
        confirmed, _("裁定由该街道接收"), by=CITY_REVIEWER, reason=True, during=["allocating"],
        gives=[PlacementRuling], basis="五(一)4",
    )  # fmt: skip
    rule_elsewhere = arbitrating.to(
        placed, _("裁定改由另一街道接收"), by=CITY_REVIEWER, reason=True, asks=PlacementForm, does=place,
        needs=[to_a_street_of_theirs], during=["allocating"], gives=[PlacementRuling], basis="五(一)4",
    )  # fmt: skip

    # the fee is settled and the street takes over
    clear = confirmed.to(
        cleared, _("经费已清"), by=SYSTEM, needs=[fee_cleared], during=["clearing"], basis="六(一)",
        after=["transferbatch.begin_clearing"]
        + [f"feecollection.{move}" for move in ("take", "settle_rest", "exempt")],
    )  # fmt: skip
    receive = cleared.to(
        received, _("接收"), by=STREET_HEAD, needs=[alive, fee_cleared, not_managed_yet], does=take_over,
        during=AT_HANDOVER, basis="三、五(三)",
    )  # fmt: skip
    send_back = cleared.to(
        returned, pgettext_lazy("决定", "退回企业"), by=STREET_HEAD, reason=RETURNS, during=AT_HANDOVER,
    )  # fmt: skip
    enrol = received.to(
        enrolled, _("建立台帐"), by=STREET_CLERK, needs=[a_station_of_that_street], asks=ConfirmForm,
        does=assign_station, during=FROM_HANDOVER,
        basis="五(三)4",
    )  # fmt: skip
    meet = enrolled.to(
        settled, _("见面发联系卡"), by=[STATION_WORKER, STREET_AS_STATION], asks=MeetingForm,
        during=FROM_HANDOVER, basis="五(四)",
    )  # fmt: skip

    seek = enrolled.stays(
        _("未能见面，列入寻访"), by=[STATION_WORKER, STREET_AS_STATION], reason=True, asks=DeferralForm, does=defer,
        during=FROM_HANDOVER, basis="五(四)5",
    )  # fmt: skip

    # what may come between
    defer = (placed | disputed | confirmed | cleared).to(
        deferred, pgettext_lazy("决定", "暂缓移交"), by=[RMO_REVIEWER, STREET_HEAD], reason=DEFERRALS,
        asks=DeferralForm, does=defer, during=["allocating", "list_fixed", "agreed", "clearing", "ready", *AT_HANDOVER],
    )  # fmt: skip
    resume = deferred.to(
        cleared, _("原因消除，恢复移交"), by=RMO_CLERK, reason=True, needs=[alive, fee_cleared], during=AT_HANDOVER,
    )  # fmt: skip
    remove = held_by_enterprise.to(
        removed, _("剔除"), by=RMO_REVIEWER, reason=REMOVALS, does=release_charges, during=BEFORE_COMPLETION,
    )  # fmt: skip
    end_by_death = (undecided | mismatch | confirmed | cleared | deferred | returned).to(
        ended_death, _("确认移交中死亡"), by=RMO_REVIEWER, takes=[DeathProof], asks=DeathForm, does=end_by_death,
        touches=["case__authority"], during=BEFORE_COMPLETION, despite_suspension=True,
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("移交人员")
        verbose_name_plural = _("移交人员")
