"""An exemption in the policy's words: applied for, looked into, opined on, decided, reconsidered, revoked."""

from datetime import timedelta

import pytest

from apps.audit.models import Event
from apps.audit.streams import now
from apps.cases.models import Case
from apps.clocks import alarms
from apps.documents.exemption_papers import GovernmentMinutes, HearingRecord, SiteNote
from apps.engine.door import Refused, begin, perform
from apps.exemptions.models import ExemptionRequest
from apps.exemptions.opening import owed_by
from apps.fees.models import FeeAssessment
from apps.organisations.choices import Role
from apps.organisations.models import Enterprise, Post
from tests.invariants import invariants_hold
from tests.refusals import refuses
from tests.worlds import World, today
from workflows.models import ExemptionOpinion, FeeExemption, TransferBatch
from workflows.rehearsals.exemption import ExemptionRehearsal

STANDARD = 150_000
LATE, COUNTY = "ENT-004", "ENT-008"
"""Exited in 2001, of the city; bankrupt with a liquidator, of 揭西."""
GRANT = {"decision_number": "揭府函〔2026〕3号", "grounds": "四项条件均已查明"}
A, B, C, D = "（一）", "（二）", "（三）", "（四）"


class Road(ExemptionRehearsal):
    """An exemption of an enterprise whose batch stands where the fee is due; acts of the rehearsal take it further."""

    def __init__(
        self, world: World, enterprise: str = LATE, *, status: str = "", until: str = "draft", **terms
    ):
        super().__init__(world.office(enterprise))
        self.world = world
        self.batch = world.batch("clearing", 2, enterprise=enterprise)
        if status:
            became(enterprise, status)
        self.walk(self.fee, until=until, **terms)

    @property
    def fee(self) -> FeeAssessment:
        return FeeAssessment.objects.get(case=self.batch.pk)

    @property
    def government(self):
        return self.office("government", Role.GOV_APPROVER)

    def refuses(self, move: str, by, **terms) -> str:
        return refuses(self.case, move, by=by, **terms)

    def minutes(self) -> None:
        self.world.attach(self.case, GovernmentMinutes, by=self.government)

    def change(self, **facts) -> None:
        ExemptionRequest.objects.filter(case=self.case.pk).update(**facts)

    def time_is_up(self) -> None:
        """The stage's time limit passes, and the clocks are fired."""
        Case.objects.filter(pk=self.case.pk).update(due_at=now() - timedelta(days=1))
        alarms.fire(1000)
        self.case = FeeExemption.objects.get(pk=self.case.pk)


def became(enterprise: str, status: str) -> None:
    Enterprise.objects.filter(organisation__key=enterprise).update(status=status)


# --- SC-06: exited in 2001 ---


@pytest.mark.clause("M-090")
def test_who_exited_in_2001_is_exempted_at_the_asking_of_the_owner_unit_and_the_reception_opens(world):
    road = Road(world, until="gov_review")
    assert (road.case.applicant.key, road.case.enterprise.key) == ("ENT-004-OW", LATE)
    assert road.fee.stage == "exemption_pending"
    road.decide()
    assert (road.fee.stage, road.fee.exempted_fen) == ("exempted", 2 * STANDARD)
    assert not road.fee.payments.exists()
    batch = TransferBatch.objects.get(pk=road.batch.pk)
    assert (batch.stage, road.case.exemption.decided_by.key) == ("ready", "445200-GOV")
    assert world.bring(batch, "completed").stage == "completed"
    road.file()
    assert (road.case.stage, road.case.exemption.open) == ("filed", False)
    invariants_hold()


def test_for_who_exited_before_the_plan_the_owner_unit_applies_and_says_why(world):
    """E12: the enterprise is no more; it cannot ask itself."""
    batch = world.batch("clearing", 1, enterprise=LATE)
    fee = FeeAssessment.objects.get(case=batch.pk)
    road = Road.__new__(Road)
    ExemptionRehearsal.__init__(road, world.office(LATE))
    road.case = begin(FeeExemption, "apply", by=world.by(Role.ENT_CLERK, LATE), given={"assessment": fee.pk})
    road.declare()
    road.prove()
    said = road.refuses("submit", road.applicant(Role.ENT_HEAD))
    assert said == "此前已退出的企业由主管部门或清算组申请，并写明代为申请的理由"
    road = Road(world, "ENT-004", until="draft")
    road.declare()
    road.prove()
    road.change(standing_in="")
    assert "写明代为申请的理由" in road.refuses("submit", road.applicant(Role.ENT_HEAD))


def test_one_fee_has_one_open_application(world):
    road = Road(world)
    with pytest.raises(Refused, match="该笔经费已有一件未办结的豁免申请"):
        begin(FeeExemption, "apply", by=road.applicant(Role.ENT_CLERK), given={"assessment": road.fee.pk})
    road.perform("withdraw", road.applicant(Role.ENT_HEAD), reason="改由清算组申请")
    assert (road.case.stage, list(owed_by(road.applicant(Role.ENT_CLERK)))) == ("withdrawn", [road.fee])
    road.apply(road.fee)


def test_nobody_asks_for_somebody_elses_fee(world):
    road = Road(world)
    with pytest.raises(Refused, match="只能为本单位或所代表企业的经费申请豁免"):
        begin(
            FeeExemption, "apply", by=world.by(Role.ENT_CLERK, "ENT-015"), given={"assessment": road.fee.pk}
        )


# --- the four conditions of M-090, each with its own sentence ---


def decides(road: Road, move: str = "approve", **given) -> str:
    road.minutes()
    return road.refuses(move, road.government, given=GRANT | given)


@pytest.mark.clause("M-090")
def test_an_enterprise_that_still_stands_is_not_exempted(world):
    road = Road(world, until="gov_review")
    became(LATE, "ACTIVE")
    assert decides(road).startswith(A)
    road = Road(world, "ENT-003", until="draft")
    became("ENT-003", "REFORMED")
    road.declare()
    road.prove()
    assert road.refuses("submit", road.applicant(Role.ENT_HEAD)).startswith(A)


@pytest.mark.clause("M-089", "M-090")
def test_a_bankrupt_enterprise_needs_the_ruling_that_its_assets_do_not_suffice(world):
    """Q4: an interpretation, noted on the decision."""
    became("ENT-003", "CLOSED")
    road = Road(world, "ENT-003", until="draft")
    road.enterprise.enterprise.status = "EXITED"  # so that the rehearsal attaches no ruling
    road.declare()
    road.prove()
    assert road.refuses("submit", road.applicant(Role.ENT_HEAD)).startswith(A)
    other = Road(world, COUNTY, until="approved")
    assert (other.case.exemption.interpretation, other.fee.stage) == ("Q4", "exempted")


@pytest.mark.clause("M-089", "M-090")
def test_who_has_assets_left_is_not_exempted(world):
    road = Road(world, until="gov_review", assets=500_00)
    assert decides(road).startswith(B)


@pytest.mark.clause("M-089")
def test_assets_that_cover_the_fee_are_to_be_used_first(world):
    road = Road(world, until="draft")
    road.declare(assets=2 * STANDARD)
    road.prove()
    assert "登记的资产不足以缴清" in road.refuses("submit", road.applicant(Role.ENT_HEAD))


@pytest.mark.clause("M-090")
def test_without_real_difficulty_nobody_is_exempted(world):
    road = Road(world, until="gov_review")
    road.change(difficulty_shown=False)
    assert decides(road).startswith(C)


@pytest.mark.clause("M-002", "M-090")
def test_the_setting_of_the_day_says_which_government_and_whether_at_all(world):
    """Q3: the city's for the city's, the county's for the county's; central and provincial units not at all."""
    assert Road(world).case.exemption.government.key == "445200-GOV"
    county = Road(world, COUNTY)
    request = county.case.exemption
    assert (request.government.key, request.reviewer.key, request.labour.key, request.owner.key) == (
        "445222-GOV", "445200-GOV", "445222-LD", "445222-SASAC",
    )  # fmt: skip
    zone = Road(world, "ENT-014", status="EXITED").case.exemption
    assert (zone.government.key, zone.labour.key, zone.owner.key) == (
        "4452MC-01",
        "445200-LD",
        "445200-SASAC",
    )
    province = Road(world, "ENT-012", status="EXITED")
    assert (province.case.exemption.government, province.case.exemption.setting.value) == (None, 0)
    province.declare()
    province.prove()
    assert province.refuses("submit", province.applicant(Role.ENT_HEAD)).startswith(D)


def test_the_owner_unit_is_heard_where_it_has_a_liaison_and_does_not_itself_apply(world):
    unit, liaison = world.office("ENT-004-OW"), world.by(Role.DEPT_LIAISON, "445200-SASAC").user
    Post.objects.create(user=liaison, organisation=unit, role=Role.DEPT_LIAISON, valid_from=today())
    assert Road(world, LATE).case.exemption.owner.key == "445200-SASAC"
    fee = FeeAssessment.objects.get(case=world.batch("clearing", 1, enterprise=LATE).pk)
    case = begin(FeeExemption, "apply", by=world.by(Role.ENT_CLERK, LATE), given={"assessment": fee.pk})
    assert case.exemption.owner == unit


@pytest.mark.clause("M-090")
def test_only_the_government_of_its_own_level_decides(world):
    road = Road(world, until="gov_review")
    road.minutes()
    for role, office in (
        (Role.GOV_APPROVER, "445202-GOV"), (Role.RMO_HEAD, "445200-RMO"), (Role.FISCAL_REVIEWER, "445200-FIN"),
        (Role.LABOUR_HEAD, "445200-LD"),
    ):  # fmt: skip
        assert "由政府审批人办理" in road.refuses("approve", world.by(role, office), given=GRANT)
    road.change(government=None)
    assert D in road.refuses("approve", world.by(Role.GOV_APPROVER, "445200-GOV"), given=GRANT)


def test_a_decision_needs_its_document_and_its_number(world):
    """INV-17"""
    road = Road(world, until="gov_review")
    assert "已附“政府豁免批准文件”" in road.refuses("approve", road.government, given=GRANT)
    road.minutes()
    assert "决定文号" in road.refuses("approve", road.government, given=GRANT | {"decision_number": ""})


# --- two investigators, two opinions ---


def test_two_people_look_and_neither_decides(world):
    road = Road(world, until="investigating")
    reviewer = road.authority(Role.RMO_REVIEWER)
    checked = dict.fromkeys(("registration", "real_estate", "bank", "court", "sasac"), True)
    given = checked | {
        "visited_on": today(), "assets": 0, "difficulty": "yes", "findings": "未发现资产", "second": "纪敏玲",
    }  # fmt: skip
    assert "已附“现场核查记录" in road.refuses("report", reviewer, given=given)
    world.attach(road.case, SiteNote, by=reviewer)
    assert "已查法院" in road.refuses("report", reviewer, given=given | {"court": False})
    for somebody in (
        reviewer, road.authority(Role.RMO_CLERK), road.government, road.office("labour", Role.LABOUR_HEAD),
        world.by(Role.FISCAL_REVIEWER, "445200-FIN"),
    ):  # fmt: skip
        said = road.refuses("report", reviewer, given=given | {"second": somebody.user.name})
        assert said == "第二核查人没有办理过本件，也不是会签、审批本件的人"
    assert "两人核查报告已提交" in road.refuses("conclude", reviewer)
    road.perform("report", reviewer, given=given)
    assert road.case.exemption.second_investigator == "纪敏玲"


@pytest.mark.parametrize("first", ["finance", "owner"])
def test_finance_and_owner_opine_side_by_side_and_disagreement_goes_up_with_both(world, first):
    road = Road(world, until="labour_opinion")
    labour = road.office("labour", Role.LABOUR_HEAD)
    given = {"agrees": "yes", "words": "建议准予豁免"}
    acts = {"finance": lambda: road.finance_opines(agrees=False), "owner": road.owner_opines}
    acts.pop(first)()
    assert road.case.stage == f"{first}_opinion"
    assert "均已会签" in road.refuses("send_up", labour, given=given)
    (second,) = acts.values()
    second()
    assert road.case.stage == f"{first}_opinion"
    road.perform("send_up", labour, given=given)
    opinions = ExemptionOpinion.objects.filter(case=road.case.pk).order_by("asked_as")
    assert [(one.asked_as, one.agrees) for one in opinions] == [("FINANCE", False), ("OWNER", True)]
    assert road.case.stage == "gov_review"


def test_an_opinion_is_given_by_the_department_asked_and_with_its_reasons(world):
    road = Road(world, until="labour_opinion")
    finance = ExemptionOpinion.objects.get(case=road.case.pk, asked_as="FINANCE")
    liaison = world.by(Role.DEPT_LIAISON, "445200-SASAC")
    given = {"agrees": "no", "words": "专户负担过重", "effect": "少收三千元"}
    assert "由财政部门复核人办理" in refuses(finance, "finance_opines", by=liaison, given=given)
    fiscal = world.by(Role.FISCAL_REVIEWER, "445200-FIN")
    assert "意见及理由" in refuses(finance, "finance_opines", by=fiscal, given=given | {"words": ""})
    assert "由国资" in refuses(finance, "owner_opines", by=fiscal, given=given)


def test_nobody_who_had_a_hand_in_it_decides(world):
    """4.21: the approver is nobody who acted before, whatever the other post."""
    road = Road(world, until="gov_review")
    road.minutes()
    for role, office in ((Role.RMO_REVIEWER, "445200-RMO"), (Role.LABOUR_HEAD, "445200-LD")):
        somebody = world.by(role, office)
        post = Post.objects.create(
            user=somebody.user, organisation=road.government.organisation, role=Role.GOV_APPROVER,
            valid_from=today(),
        )  # fmt: skip
        said = road.refuses("approve", type(somebody).of(post), given=GRANT)
        assert "的人不是同一人" in said and "同一人未以另一身份办理过本件" in said


@pytest.mark.clause("M-090")
def test_a_publicised_request_goes_on_when_the_time_is_up_and_objections_are_answered(world):
    road = Road(world, until="investigating")
    road.report()
    reviewer = road.authority(Role.RMO_REVIEWER)
    road.perform("publicise", reviewer)
    objection = {"raised_by": "某职工", "words": "仓库尚在出租", "answer": "该仓库已于2003年拍卖"}
    road.perform("answer_objection", reviewer, given=objection)
    assert road.case.exemption.objections.get().answer == objection["answer"]
    road.time_is_up()
    assert road.case.stage == "labour_opinion"
    assert ExemptionOpinion.objects.filter(case=road.case.pk).count() == 2


def test_the_government_may_send_it_back_once_and_the_opinions_are_asked_anew(world):
    road = Road(world, until="gov_review")
    road.perform("return_once", road.government, reason="请核实土地权属")
    assert "两人核查报告已提交" in road.refuses("conclude", road.authority(Role.RMO_REVIEWER))
    for act in (road.report, road.conclude, road.owner_opines, road.finance_opines, road.send_up):
        act()
    assert ExemptionOpinion.objects.filter(case=road.case.pk, round=2, stage="given").count() == 2
    assert "只退回一次" in road.refuses("return_once", road.government, reason="再核")
    road.decide()


# --- what it does to the fee ---


@pytest.mark.clause("M-090")
def test_a_part_is_exempted_and_the_rest_is_due_to_the_fen(world):
    """INV-13: the assessment is what is exempted and what is still to be paid."""
    road = Road(world, COUNTY, until="gov_review", assets=1_200_34)
    assert decides(road).startswith(B)
    for amount, sentence in (("1800.00", B), ("3000.00", "部分豁免的金额少于尚欠金额")):
        assert sentence in decides(road, "part_approve", amount=amount)
    road.perform("part_approve", road.government, given=GRANT | {"amount": "1799.66"})
    fee = road.fee
    assert (fee.amount_fen, fee.exempted_fen, fee.stage) == (2 * STANDARD, 1_799_66, "issued")
    assert fee.amount_fen == fee.exempted_fen + 1_200_34
    world.pay_in(fee, 1_200_34)
    perform(fee, "take", by=world.finance(fee, Role.FISCAL_OFFICER))
    assert (road.fee.stage, TransferBatch.objects.get(pk=road.batch.pk).stage) == ("paid", "ready")
    invariants_hold()


def test_what_was_paid_before_is_not_exempted(world):
    batch = world.batch("clearing", 2, enterprise=LATE)
    fee = FeeAssessment.objects.get(case=batch.pk)
    world.pay_in(fee, STANDARD)
    perform(fee, "take_part", by=world.finance(fee, Role.FISCAL_OFFICER))
    rehearsal = ExemptionRehearsal(world.office(LATE))
    rehearsal.walk(fee)
    fee = FeeAssessment.objects.get(pk=fee.pk)
    assert (fee.stage, fee.exempted_fen) == ("exempted", STANDARD)
    invariants_hold()


def test_who_withdraws_or_is_refused_owes_as_before(world):
    road = Road(world, until="accepted")
    assert road.fee.stage == "exemption_pending"
    road.perform("withdraw", road.applicant(Role.ENT_HEAD), reason="已筹得资金")
    assert (road.case.stage, road.fee.stage) == ("withdrawn", "issued")
    road.apply(road.fee)
    road.submit()
    road.perform("refuse", road.authority(Role.RMO_CLERK), reason_code="assets")
    assert (road.case.stage, road.fee.stage) == ("rejected", "issued")


def test_an_application_not_completed_in_time_counts_as_withdrawn(world):
    road = Road(world, until="submitted")
    road.perform("correct", road.authority(Role.RMO_CLERK), reason_code="assets", reason="缺清算报告")
    road.time_is_up()
    assert (road.case.stage, road.case.exemption.open) == ("lapsed", False)


# --- SC-07: refused, reconsidered, changed ---


def refused_one(world, enterprise=COUNTY) -> Road:
    road = Road(world, enterprise, until="gov_review")
    road.perform(
        "reject", road.government, reason_code="evidence", reason="清算报告未经法院确认",
        given={"decision_number": "揭西府函〔2026〕7号"},
    )  # fmt: skip
    return road


@pytest.mark.clause("M-090")
def test_refused_reconsidered_by_the_government_above_and_changed(world):
    road = refused_one(world)
    assert (road.case.stage, road.fee.stage, road.fee.exempted_fen) == ("rejected", "issued", 0)
    road.perform("appeal", road.applicant(Role.ENT_HEAD), given={"grounds": "清算报告已经法院确认"})
    assert (road.case.stage, road.fee.stage) == ("reconsidering", "exemption_pending")
    city = road.office("reviewer", Role.GOV_APPROVER)
    assert "由复议机关审批人办理" in road.refuses("change", road.government, given=GRANT)
    road.perform("change", city, given=GRANT)
    assert (road.case.stage, road.fee.stage) == ("approved", "exempted")
    assert road.case.exemption.decided_by == city.organisation
    invariants_hold()


def test_what_is_upheld_is_filed_and_the_fee_is_due(world):
    road = refused_one(world)
    road.perform("appeal", road.applicant(Role.ENT_HEAD), given={"grounds": "请求变更"})
    city = road.office("reviewer", Role.GOV_APPROVER)
    road.perform("uphold", city, reason="原决定事实清楚", given={"decision_number": "揭府复〔2026〕1号"})
    assert (road.case.stage, road.fee.stage, road.case.exemption.open) == ("filed", "issued", False)


def test_what_is_to_be_done_anew_is_looked_into_and_decided_again(world):
    road = refused_one(world)
    road.perform("appeal", road.applicant(Role.ENT_HEAD), given={"grounds": "请求重新核查"})
    city, given = road.office("reviewer", Role.GOV_APPROVER), {"decision_number": "揭府复〔2026〕2号"}
    road.perform("redo", city, reason="事实不清", given=given)
    for act in (
        road.report,
        road.conclude,
        road.finance_opines,
        road.owner_opines,
        road.send_up,
        road.decide,
    ):
        act()
    assert (road.case.stage, road.fee.stage) == ("approved", "exempted")


def test_who_does_not_ask_in_time_has_lost_the_remedy(world):
    road = refused_one(world)
    head = road.applicant(Role.ENT_HEAD)
    Case.objects.filter(pk=road.case.pk).update(due_at=now() - timedelta(minutes=1))
    assert road.refuses("appeal", head, given={"grounds": "请求变更"}) == "在申请复议的期限内"
    road.time_is_up()
    assert (road.case.stage, road.case.papers.filter(kind="ExemptionIndex").count()) == ("filed", 1)


def test_in_the_city_somebody_else_than_the_decider_reconsiders(world):
    road = refused_one(world, LATE)
    road.perform("appeal", road.applicant(Role.ENT_HEAD), given={"grounds": "请求变更"})
    decider = road.office("reviewer", Role.GOV_APPROVER)
    assert "的人不是同一人" in road.refuses("change", decider, given=GRANT)
    other = world.cast.holder(Role.ENT_HEAD, world.office("ENT-001").pk)
    post = Post.objects.create(
        user=other.user, organisation=decider.organisation, role=Role.GOV_APPROVER, valid_from=today()
    )
    road.perform("change", type(other).of(post), given=GRANT)
    assert road.fee.stage == "exempted"


# --- revoked ---


@pytest.mark.parametrize("filed", [False, True])
def test_an_exemption_got_by_a_false_statement_is_revoked_and_the_fee_is_due_again(world, filed):
    road = Road(world, until="filed" if filed else "approved")
    government = road.government
    given = {"decision_number": "揭府函〔2026〕12号", "heard_on": today()}
    assert "听取陈述申辩记录" in road.refuses("revoke", government, reason_code="false", given=given)
    world.attach(road.case, HearingRecord, by=government)
    road.perform("revoke", government, reason_code="false", reason="隐瞒在外土地一宗", given=given)
    assert (road.case.stage, road.fee.stage, road.fee.exempted_fen) == ("revoked", "issued", 0)
    assert road.batch.papers.filter(kind="PaymentNotice").count() == 2
    road.perform("appeal", road.applicant(Role.ENT_HEAD), given={"grounds": "土地已被征收"})
    assert road.fee.stage == "exemption_pending"


def test_a_part_exemption_revoked_after_the_rest_was_paid_is_due_again(world):
    road = Road(world, COUNTY, until="gov_review", assets=1_200_34)
    world.attach(road.case, GovernmentMinutes, by=road.government)
    road.perform("part_approve", road.government, given=GRANT | {"amount": "1799.66"})
    world.pay_in(road.fee, 1_200_34)
    perform(road.fee, "take", by=world.finance(road.fee, Role.FISCAL_OFFICER))
    world.attach(road.case, HearingRecord, by=road.government)
    given = {"decision_number": "普府函〔2026〕13号", "heard_on": today()}
    road.perform("revoke", road.government, reason_code="assets", reason="取得拍卖余款", given=given)
    assert (road.fee.stage, road.fee.exempted_fen) == ("issued", 0)
    world.pay_in(road.fee, 1_799_66)
    perform(road.fee, "take", by=world.finance(road.fee, Role.FISCAL_OFFICER))
    assert road.fee.stage == "paid"
    invariants_hold()


def test_what_was_never_granted_is_not_revoked(world):
    road = refused_one(world)
    road.time_is_up()
    given = {"decision_number": "揭府函〔2026〕12号", "heard_on": today()}
    assert "已批准豁免" in road.refuses("revoke", road.government, reason_code="false", given=given)


# --- stands still, and who sees it ---


def test_a_suspended_case_stands_still(world):
    road = Road(world, until="gov_review")
    head = road.authority(Role.RMO_HEAD)
    road.perform("suspend", head, reason="等待法院裁定", given={"review_on": today()})
    assert "案件未被中止" in decides(road)
    road.perform("resume", head, reason="裁定已到")
    road.decide()


def test_each_office_is_asked_in_its_turn(world):
    road = Road(world, until="labour_opinion")
    seats = road.case.participants.filter(open=True).values_list("organisation__key", "roles")
    assert dict(seats) == {
        "445200-LD": [Role.LABOUR_HEAD],
        "445200-FIN": [Role.FISCAL_REVIEWER],
        "445200-SASAC": [Role.DEPT_LIAISON],
    }
    road.finance_opines()
    road.owner_opines()
    road.send_up()
    seats = road.case.participants.filter(open=True).values_list("organisation__key", "roles")
    assert dict(seats) == {"445200-GOV": [Role.GOV_APPROVER]}


def test_the_decision_is_one_event_of_the_case_and_one_of_the_fee(world):
    road = Road(world)
    for act in (
        road.submit, road.accept, road.investigate, road.report, road.conclude, road.finance_opines,
        road.owner_opines, road.send_up, road.decide,
    ):  # fmt: skip
        act()
    decision = Event.objects.get(stream="case", stream_id=road.case.pk, move="approve")
    heard = Event.objects.get(stream="case", stream_id=road.batch.pk, move="exempt")
    assert (heard.act, heard.cause) == (decision.act, "exemption_granted/approve")
