"""The management fee from its assessment to the special account, in the policy's words."""

import pytest
from django.db import connection

from apps.documents.fee_papers import ClaimReceipt, OriginalReceipt
from apps.documents.models import Paper
from apps.engine.door import perform
from apps.fees.models import WAITING, Charge, FeeAssessment, PayerBasis
from apps.organisations.choices import Role
from apps.organisations.models import Enterprise
from apps.policies import rules
from apps.policies.models import Document, Rule
from apps.treasury.models import Ledger, Posting
from tests.conftest import as_owner
from tests.invariants import invariants_hold
from tests.refusals import refuses
from tests.worlds import CITY, RONGHUA, Person, today
from workflows.models import FeeCollection, Refund, TransferBatch

STANDARD = 150_000
ACCOUNT = {"payee": "谢氏机械厂", "payee_bank": "示例银行揭阳分行", "payee_account": "6228000011112222"}


def fee_of(case) -> FeeCollection:
    return FeeCollection.objects.exclude(stage="cancelled").get(case=case.pk)


def stage(case) -> str:
    return TransferBatch.objects.get(pk=case.pk).stage


def take(world, fee, move="take"):
    return perform(again(fee), move, by=world.finance(fee, Role.FISCAL_OFFICER))


def again(fee) -> FeeCollection:
    return FeeCollection.objects.get(pk=fee.pk)


def credit(world, fee):
    officer = world.finance(fee, Role.FISCAL_OFFICER)
    return perform(again(fee), "credit", by=officer, given={"credited_on": today(), "slip": "HD-0001"})


def held(ledger: Ledger, case) -> int:
    return sum(Posting.objects.filter(ledger=ledger, entry__case=case.pk).values_list("fen", flat=True))


# --- F1 to F3: assessed, reviewed, issued ---


@pytest.mark.clause("M-087")
def test_the_fee_is_the_standard_of_the_day_for_each_confirmed_person(world):
    fee = fee_of(world.batch("list_fixed", 3))
    assert (fee.heads, fee.amount_fen, fee.standard.key) == (3, 3 * STANDARD, "fee.standard")
    assert [charge.amount_fen for charge in fee.charges.all()] == [STANDARD] * 3


@pytest.mark.clause("M-087")
def test_without_a_standard_in_force_no_fee_is_assessed(world):
    case = world.batch("allocating", 1)
    world.confirm(case)

    def end_the_standard():
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE policies_rule DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE policies_rule SET valid = '[2005-07-14,2006-07-14)' WHERE key = 'fee.standard'"
            )

    as_owner(end_the_standard)
    assert Rule.objects.filter(key="fee.standard").exists()
    assert "没有可适用的" in refuses(case, "fix", by=world.authority(case, Role.RMO_REVIEWER))
    assert stage(case) == "allocating"


@pytest.mark.clause("M-088")
def test_three_people_of_the_bureau_assess_review_and_issue(world):
    case = world.batch("agreed", 2)
    fee, clerk = fee_of(case), world.authority(case, Role.FEE_CLERK)
    assert "环节" in refuses(fee, "review", by=world.authority(case, Role.RMO_REVIEWER))
    fee = perform(fee, "assess", by=clerk)
    assert "退管机构审核人办理" in refuses(fee, "review", by=clerk)
    fee = perform(fee, "review", by=world.authority(case, Role.RMO_REVIEWER))
    assert "退管机构负责人办理" in refuses(fee, "issue", by=clerk)
    fee = perform(fee, "issue", by=world.authority(case, Role.RMO_HEAD))
    assert (fee.stage, stage(case)) == ("issued", "clearing")
    assert set(Paper.objects.filter(case=case.pk).values_list("kind", flat=True)) >= {
        "AssessmentSheet",
        "PaymentNotice",
    }


def test_the_head_sends_a_wrong_assessment_back(world):
    case = world.batch("agreed", 1)
    fee = perform(fee_of(case), "assess", by=world.authority(case, Role.FEE_CLERK))
    fee = perform(fee, "review", by=world.authority(case, Role.RMO_REVIEWER))
    fee = perform(fee, "send_back", by=world.authority(case, Role.RMO_HEAD), reason="缴款单位有误")
    assert fee.stage == "draft"


@pytest.mark.clause("M-089")
def test_for_a_bankrupt_enterprise_the_liquidator_pays(world):
    assert Enterprise.objects.get(organisation__key="ENT-002").status == "BANKRUPT"
    fee = fee_of(world.batch("list_fixed", 1, enterprise="ENT-002"))
    assert (fee.payer.key, fee.payer_basis) == ("ENT-002-LQ", PayerBasis.LIQUIDATOR)


@pytest.mark.clause("M-089")
def test_an_enterprise_that_is_no_more_is_not_asked_itself(world):
    case = world.batch("agreed", 1)
    Enterprise.objects.filter(organisation=case.enterprise).update(status="CLOSED")
    fee = perform(fee_of(case), "assess", by=world.authority(case, Role.FEE_CLERK))
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    assert "由清算组、主管部门或同级财政缴交" in refuses(fee, "review", by=reviewer)
    owner = {"payer": world.office("445200-FIN").pk, "payer_basis": PayerBasis.FINANCE}
    perform(fee, "reassess", by=world.authority(case, Role.FEE_CLERK), given=owner)
    assert perform(again(fee), "review", by=reviewer).stage == "reviewed"


# --- F4 to F6: paid, credited, reconciled ---


@pytest.mark.clause("M-087")
def test_nobody_is_received_before_the_fee_is_cleared(world):
    case = world.batch("clearing", 1)
    item, head = world.items(case).get(), world.by(Role.STREET_HEAD, RONGHUA)
    assert "待交接" in refuses(item, "receive", by=head)
    fee = fee_of(case)
    officer = world.finance(fee, Role.FISCAL_OFFICER)
    assert "银行到账明细中有与本核定相符的款项" in refuses(fee, "take", by=officer)
    world.pay_in(fee, STANDARD)
    take(world, fee)
    assert (stage(case), world.items(case).get().stage) == ("ready", "cleared")


@pytest.mark.clause("M-091")
def test_the_bureau_that_issued_the_notice_never_takes_the_money(world):
    fee = fee_of(world.batch("clearing", 1))
    world.pay_in(fee, STANDARD)
    for role in (Role.FEE_CLERK, Role.RMO_REVIEWER, Role.RMO_HEAD):
        assert "财政专户管理员办理" in refuses(fee, "take", by=world.authority(fee.case, role))


@pytest.mark.clause("M-091")
def test_what_is_paid_goes_into_the_special_account_and_is_reconciled_by_another(world):
    case = world.batch("clearing", 2)
    fee = fee_of(case)
    world.pay_in(fee, 2 * STANDARD)
    take(world, fee)
    assert (held(Ledger.TRANSIT, case), held(Ledger.BANK, case)) == (2 * STANDARD, 0)
    assert Paper.objects.filter(case=case.pk, kind="FiscalReceipt").get().issuer == fee.finance
    credit(world, fee)
    assert (held(Ledger.TRANSIT, case), held(Ledger.BANK, case)) == (0, 2 * STANDARD)
    assert held(Ledger.FEES, case) == -2 * STANDARD
    assert "财政复核人办理" in refuses(again(fee), "reconcile", by=world.finance(fee, Role.FISCAL_OFFICER))
    reviewer = world.finance(fee, Role.FISCAL_REVIEWER)
    assert "双方签署" in refuses(again(fee), "reconcile", by=reviewer)
    world.sign_the_month(fee)
    assert perform(again(fee), "reconcile", by=reviewer).stage == "reconciled"
    invariants_hold()


def test_a_part_is_taken_and_the_rest_waited_for(world):
    case = world.batch("clearing", 2)
    fee = fee_of(case)
    world.pay_in(fee, STANDARD)
    assert "到账款项已足额" in refuses(fee, "take", by=world.finance(fee, Role.FISCAL_OFFICER))
    assert take(world, fee, "take_part").stage == "part_paid"
    assert stage(case) == "clearing"
    world.pay_in(fee, STANDARD)
    assert take(world, fee).stage == "paid"
    assert fee.payments.count() == 2
    assert stage(case) == "ready"


@pytest.mark.clause("M-087")
def test_nobody_is_received_on_a_payment_that_is_not_there(world):
    """Whatever brought a person to the handover: the door asks for the cleared assessment once more."""
    case = world.batch("handing_over", 1)
    FeeAssessment.objects.filter(case=case.pk).update(stage="issued")
    said = refuses(world.items(case).get(), "receive", by=world.by(Role.STREET_HEAD, RONGHUA))
    assert said == "管理活动经费已缴清、已豁免或按规定免收"


@pytest.mark.clause("M-087")
def test_whom_somebody_paid_for_is_never_charged_again(world):
    """A person returned after payment comes back in a later batch: confirmed, in the assessment, for nothing."""
    back = Person(residence=RONGHUA)
    case = world.batch("handing_over", [back, Person(residence=RONGHUA)])
    perform(
        world.items(case).first(), "send_back", by=world.by(Role.STREET_HEAD, RONGHUA), reason_code="papers"
    )
    world.receive(case)
    later = world.batch("list_fixed", [back])
    assert (fee_of(later).heads, fee_of(later).amount_fen) == (0, 0)
    world.sign(later)
    assert world.issue(fee_of(later)).stage == "no_charge"
    assert stage(later) == "ready"
    later = world.bring(TransferBatch.objects.get(pk=later.pk), "completed")
    charges = Charge.objects.filter(retiree=world.items(later).get().retiree, amount_fen__gt=0, void=False)
    assert charges.count() == 1
    invariants_hold()


# --- F7, F8: who does not pay ---


def overdue(world, case) -> FeeCollection:
    fee = fee_of(case)
    FeeAssessment.objects.filter(pk=fee.pk).update(due_at=f"{today().year - 1}-01-01T00:00:00Z")
    perform(again(fee), "lapse", by=None)
    return again(fee)


def test_who_does_not_pay_is_reminded_three_times_and_nobody_is_received(world):
    case = world.batch("clearing", 1)
    fee, clerk = overdue(world, case), world.authority(case, Role.FEE_CLERK)
    for _time in range(3):
        perform(again(fee), "dun", by=clerk)
    assert "催缴不超过三次，仍未缴交的报市" in refuses(again(fee), "dun", by=clerk)
    assert Paper.objects.filter(case=case.pk, kind="DunningNotice").count() == 3
    assert stage(case) == "clearing"
    world.pay_in(fee, STANDARD)
    assert take(world, fee).stage == "paid"


@pytest.mark.clause("M-089")
def test_the_fee_of_a_bankrupt_enterprise_is_claimed_from_its_assets(world):
    """SC-05: the claim is filed, a part is realised, the rest stays open."""
    case = world.batch("clearing", 2, enterprise="ENT-002")
    fee, reviewer = fee_of(case), world.authority(case, Role.RMO_REVIEWER)
    world.attach(case, ClaimReceipt, by=reviewer)
    fee = perform(fee, "claim", by=reviewer, given={"claim_number": "债申〔2026〕7号"})
    assert (fee.stage, fee.claim_number) == ("asset_pending", "债申〔2026〕7号")
    world.pay_in(fee, STANDARD)
    assert take(world, fee, "take_part").stage == "part_paid"
    assert stage(case) == "clearing"
    invariants_hold()


@pytest.mark.clause("M-089")
def test_no_claim_is_filed_against_an_enterprise_that_stands(world):
    fee = fee_of(world.batch("clearing", 1))
    reviewer = world.authority(fee.case, Role.RMO_REVIEWER)
    world.attach(fee.case, ClaimReceipt, by=reviewer)
    said = refuses(fee, "claim", by=reviewer, given={"claim_number": "债申〔2026〕8号"})
    assert said == "企业已破产、关闭或退出，经费在其变现资产中解决"


# --- F11, F12, F13: too much, too little ---


def refund_of(world, fee) -> Refund:
    clerk = world.authority(fee.case, Role.FEE_CLERK)
    perform(again(fee), "apply_for_refund", by=clerk, reason_code="overcharged", given=ACCOUNT)
    return Refund.objects.get(assessment=fee.pk)


def pay_back(world, refund) -> Refund:
    fee = refund.assessment
    reviewer = world.authority(fee.case, Role.RMO_REVIEWER)
    world.attach(fee.case, OriginalReceipt, by=reviewer)
    refund = perform(refund, "verify", by=reviewer)
    refund = perform(refund, "approve", by=world.finance(fee, Role.FISCAL_REVIEWER))
    return perform(refund, "pay", by=world.finance(fee, Role.FISCAL_OFFICER), given={"paid_on": today()})


def test_who_pays_too_much_gets_the_rest_back(world):
    """SC-11: over-payment, refund verified, approved and paid by three people; the account balances."""
    case = world.batch("clearing", 1)
    fee = fee_of(case)
    world.pay_in(fee, STANDARD + 50_000)
    take(world, fee)
    assert (again(fee).stage, stage(case)) == ("overpaid", "ready")
    refund = refund_of(world, fee)
    assert (refund.fen, refund.payee) == (50_000, ACCOUNT["payee"])
    clerk = world.authority(case, Role.FEE_CLERK)
    assert "没有未办结的退付" in refuses(
        again(fee), "apply_for_refund", by=clerk, reason_code="error", given=ACCOUNT
    )
    reviewer, officer = world.authority(case, Role.RMO_REVIEWER), world.finance(fee, Role.FISCAL_OFFICER)
    assert "已附“原财政票据（付款方联）”" in refuses(refund, "verify", by=reviewer)
    world.attach(case, OriginalReceipt, by=reviewer)
    refund = perform(refund, "verify", by=reviewer)
    assert "财政复核人办理" in refuses(refund, "approve", by=officer)
    refund = perform(refund, "approve", by=world.finance(fee, Role.FISCAL_REVIEWER))
    # The money is still on its way to the account: it cannot leave before it has come.
    assert "财政专户余额足够" in refuses(refund, "pay", by=officer, given={"paid_on": today()})
    perform(again(fee), "credit_meanwhile", by=officer, given={"credited_on": today(), "slip": "HD-0002"})
    perform(refund, "pay", by=officer, given={"paid_on": today()})
    assert (again(fee).stage, held(Ledger.BANK, case)) == ("refunded", STANDARD)
    invariants_hold()


def test_a_person_who_dies_after_the_payment_is_paid_back_for(world):
    """E01, Q13: before the reception the fee of who is not handed over goes back in full."""
    case = world.batch("clearing", 2)
    fee = fee_of(case)
    world.pay_in(fee, 2 * STANDARD)
    take(world, fee)
    credit(world, fee)
    world.report_death(world.items(case).first())
    fee = again(fee)
    assert (fee.stage, fee.heads, fee.amount_fen) == ("overpaid", 1, STANDARD)
    refund = pay_back(world, refund_of(world, fee))
    assert (refund.stage, refund.fen, again(fee).stage) == ("paid", STANDARD, "refunded")
    assert (held(Ledger.BANK, case), held(Ledger.REFUNDS, case)) == (STANDARD, STANDARD)
    world.sign_the_month(fee)
    assert perform(again(fee), "reconcile", by=world.finance(fee, Role.FISCAL_REVIEWER)).stage == "reconciled"
    invariants_hold()


def test_what_was_charged_too_little_is_asked_for_later_and_undoes_nothing(world):
    """E19: the shortfall gets a notice of its own; the people stay where they are."""
    case = world.batch("completed", 1)
    fee = credit(world, fee_of(case))
    clerk = world.authority(case, Role.FEE_CLERK)
    perform(fee, "supplement", by=clerk, reason="标准适用有误", given={"amount": "300.00"})
    rest = FeeCollection.objects.get(supplements=fee.pk)
    assert (rest.amount_fen, rest.stage, rest.reference[:-1]) == (30_000, "awaiting", fee.reference[:-1])
    assert world.issue(rest).stage == "issued"
    assert Paper.objects.filter(case=case.pk, kind="SupplementNotice").count() == 1
    assert world.items(case).get().stage == "received"


def test_an_assessment_falls_with_the_list_it_was_made_for(world):
    case = world.batch("list_fixed", 2)
    perform(case, "withdraw", by=world.applicant(case, Role.ENT_HEAD), reason="改制方案未定")
    assert FeeAssessment.objects.get(case=case.pk).stage == "cancelled"
    assert not Charge.objects.filter(item__case=case.pk, void=False).exists()
    assert {signature.stage for signature in case.signatures.all()} == {"voided"}


def test_the_bank_brings_money_for_whatever_waits_for_it():
    assert set(WAITING) == set(FeeCollection.moves["take"].sources.names)
    assert set(WAITING) == set(FeeCollection.moves["pend"].sources.names)


# --- which standard ---


def standard(world, fen: int, *, scope: str = "", valid_from=None) -> Rule:
    """A standard that one person entered and another approved."""
    plan = Document.objects.order_by("pk").first()
    rule = rules.propose(
        "fee.standard", fen, by=world.by(Role.RMO_REVIEWER, CITY), valid_from=valid_from or today(), basis=plan,
        citation="六(一)", scope=scope,
    )  # fmt: skip
    return rules.approve(rule, by=world.by(Role.RMO_HEAD, CITY))


def test_the_most_special_standard_goes_first(world):
    """Of the enterprise, of its ownership, of its affiliation, then everybody's."""
    standard(world, 120_000, scope="affiliation:COUNTY")
    standard(world, 110_000, scope="foreign")
    standard(world, 100_000, scope="organisation:ENT-009")
    due = {
        key: fee_of(world.batch("list_fixed", 1, enterprise=key)).amount_fen
        for key in ("ENT-001", "ENT-010", "ENT-015", "ENT-009")
    }
    assert due == {"ENT-001": STANDARD, "ENT-010": 120_000, "ENT-015": 110_000, "ENT-009": 100_000}


def test_each_batch_keeps_the_standard_of_its_day(world):
    """SC-17: the standard changes between two batches; each is assessed by the row of its own day."""
    before = fee_of(world.batch("list_fixed", 1))
    standard(world, 200_000)
    after = fee_of(world.batch("list_fixed", 1))
    assert (before.amount_fen, after.amount_fen) == (STANDARD, 200_000)
    assert FeeCollection.objects.get(pk=before.pk).standard.value == STANDARD


@pytest.mark.clause("M-087")
def test_what_costs_nothing_by_rule_is_no_exemption(world):
    standard(world, 0, scope="affiliation:COUNTY")
    case = world.batch("agreed", 2, enterprise="ENT-010")
    fee = world.issue(fee_of(case))
    assert (fee.stage, fee.exempted_fen, stage(case)) == ("no_charge", 0, "ready")
    assert Paper.objects.filter(case=case.pk, kind="NoChargeStatement").count() == 1
