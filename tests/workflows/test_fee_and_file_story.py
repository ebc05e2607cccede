"""The fee and the files that run beside a transfer, in the policy's words."""

import pytest
from django.db import connection

from apps.documents.papers import ExemptionApproval, PaymentVoucher
from apps.engine.door import perform, perform_all
from apps.fees.models import Charge, FeeAssessment
from apps.organisations.choices import Role
from apps.organisations.models import Enterprise
from apps.policies.models import Rule
from tests.conftest import as_owner
from tests.invariants import invariants_hold
from tests.refusals import refuses
from tests.worlds import CITY, RONGHUA, XINXING, Person, today
from workflows.models import FeeCollection, FileHandover, TransferBatch

STANDARD = 150_000


def fee_of(case) -> FeeCollection:
    return FeeCollection.objects.exclude(stage="voided").get(case=case.pk)


def stage(case) -> str:
    return TransferBatch.objects.get(pk=case.pk).stage


# --- the fee ---


@pytest.mark.clause("M-087")
def test_the_fee_is_the_standard_of_the_day_for_each_confirmed_person(world):
    fee = fee_of(world.batch("list_fixed", 3))
    assert (fee.heads, fee.amount_fen, fee.standard.key) == (3, 3 * STANDARD, "fee.standard")
    assert [charge.amount_fen for charge in fee.charges.all()] == [STANDARD] * 3


@pytest.mark.clause("M-087")
def test_nobody_is_received_before_the_fee_is_cleared(world):
    case = world.batch("clearing", 1)
    item, head = world.items(case).get(), world.by(Role.STREET_HEAD, RONGHUA)
    assert "待交接" in refuses(item, "receive", by=head)
    fee, clerk = fee_of(case), world.authority(case, Role.FEE_CLERK)
    given = {"voucher": "SF-0001", "paid_on": today()}
    assert "已附“缴款凭证”" in refuses(fee, "settle", by=clerk, given=given)
    world.attach(case, PaymentVoucher, by=clerk)
    perform(fee, "settle", by=clerk, given=given)
    assert (stage(case), world.items(case).get().stage) == ("ready", "cleared")


@pytest.mark.clause("M-087")
def test_nobody_is_received_on_a_payment_that_is_not_there(world):
    """Whatever brought a person to the handover: the door asks for the cleared assessment once more."""
    case = world.batch("handing_over", 1)
    FeeAssessment.objects.filter(case=case.pk).update(stage="notified")
    said = refuses(world.items(case).get(), "receive", by=world.by(Role.STREET_HEAD, RONGHUA))
    assert said == "管理活动经费已缴清、已豁免或按规定免收"


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


@pytest.mark.clause("M-087")
def test_whom_somebody_paid_for_is_never_charged_again(world):
    """A person returned after payment comes back in a later batch: confirmed, in the assessment, for nothing."""
    back = Person(residence=RONGHUA)
    case = world.batch("handing_over", [back, Person(residence=RONGHUA)])
    perform(
        world.items(case).first(), "send_back", by=world.by(Role.STREET_HEAD, RONGHUA), reason_code="papers"
    )
    world.receive(case)
    again = world.batch("list_fixed", [back])
    assert (fee_of(again).heads, fee_of(again).amount_fen) == (0, 0)
    world.sign(again)
    assert (fee_of(again).stage, stage(again)) == ("no_charge", "ready")
    again = world.bring(TransferBatch.objects.get(pk=again.pk), "completed")
    assert (
        Charge.objects.filter(retiree=world.items(again).get().retiree, amount_fen__gt=0, void=False).count()
        == 1
    )
    invariants_hold()


def test_one_voucher_pays_once(world):
    one, other = (world.batch("clearing", 1) for _batch in range(2))
    clerk = world.authority(one, Role.FEE_CLERK)
    given = {"voucher": "SF-0002", "paid_on": today()}
    for case in (one, other):
        world.attach(case, PaymentVoucher, by=clerk)
    perform(fee_of(one), "settle", by=clerk, given=given)
    assert refuses(fee_of(other), "settle", by=clerk, given=given) == "该缴款凭证已登记过"


def test_only_an_enterprise_that_is_no_more_is_exempted_by_its_government(world):
    case = world.batch("clearing", 1)
    fee, government = fee_of(case), world.by(Role.GOV_APPROVER, "445200-GOV")
    world.attach(case, ExemptionApproval, by=government)
    given = {"decision_number": "揭府办函〔2026〕示例1号"}
    assert "单位状态为关闭、破产或退出" in refuses(fee, "exempt", by=government, given=given)
    Enterprise.objects.filter(organisation=case.enterprise).update(status="BANKRUPT")
    assert "由政府审批人办理" in refuses(
        fee, "exempt", by=world.by(Role.GOV_APPROVER, "445202-GOV"), given=given
    )
    fee = perform(fee, "exempt", by=government, given=given)
    assert (fee.stage, fee.decision_number, stage(case)) == ("exempted", given["decision_number"], "ready")


@pytest.mark.clause("M-002")
def test_a_management_committee_approves_the_exemption_of_its_enterprise(world):
    Enterprise.objects.filter(organisation__key="ENT-014").update(status="CLOSED")
    case = world.batch("clearing", 1, enterprise="ENT-014")
    committee = world.by(Role.GOV_APPROVER, "4452MC-01")
    world.attach(case, ExemptionApproval, by=committee)
    perform(fee_of(case), "exempt", by=committee, given={"decision_number": "示范管函〔2026〕1号"})
    assert stage(case) == "ready"


def test_an_assessment_falls_with_the_list_it_was_made_for(world):
    case = world.batch("list_fixed", 2)
    perform(case, "withdraw", by=world.applicant(case, Role.ENT_HEAD), reason="改制方案未定")
    assert FeeAssessment.objects.get(case=case.pk).stage == "voided"
    assert not Charge.objects.filter(item__case=case.pk, void=False).exists()
    assert {signature.stage for signature in case.signatures.all()} == {"voided"}


# --- the files ---


@pytest.fixture
def handing_over(world):
    return world.batch("handing_over", [Person(), Person(), Person(facts={"file": {}})])


def inspect(world, file):
    return perform(file, "inspect", by=world.by(Role.ARCHIVIST, CITY), given={"messenger": "谢楚霖"})


@pytest.mark.clause("M-109")
def test_a_file_is_checked_then_received_before_a_witness(world, handing_over):
    file = world.files(handing_over).first()
    archivist = world.by(Role.ARCHIVIST, CITY)
    assert "已核对" in refuses(file, "accept", by=archivist, given={"witness": "纪敏玲"})
    file = inspect(world, file)
    refuses(file, "accept", by=archivist, given={})
    file = perform(file, "accept", by=archivist, given={"witness": "王少强"})
    assert (file.stage, file.messenger, file.witness) == ("accepted", "谢楚霖", "王少强")
    assert handing_over.papers.filter(kind="FileList").count() == 1


@pytest.mark.clause("M-109")
def test_what_is_missing_needs_the_enterprises_signed_statement_and_the_reviewers_consent(
    world, handing_over
):
    file = inspect(world, world.files(handing_over).first())
    head, reviewer = world.applicant(handing_over, Role.ENT_HEAD), world.by(Role.RMO_REVIEWER, CITY)
    assert "缺件已说明" in refuses(file, "accept_gap", by=reviewer)
    refuses(file, "declare_gap", by=head, given={"gap": "无"})
    assert "由企业负责人办理" in refuses(
        file, "declare_gap", by=world.by(Role.ARCHIVIST, CITY), given={"gap": "缺一九八八年工资表"}
    )
    file = perform(file, "declare_gap", by=head, given={"gap": "缺一九八八年工资表，档案室火灾烧毁"})
    assert handing_over.papers.filter(kind="GapStatement").count() == 1
    file = perform(file, "accept_gap", by=reviewer)
    assert (file.stage, file.gap) == ("gap_accepted", "缺一九八八年工资表，档案室火灾烧毁")


@pytest.mark.clause("M-109")
def test_a_damaged_file_goes_back_with_its_reason(world, handing_over):
    file = inspect(world, world.files(handing_over).first())
    archivist = world.by(Role.ARCHIVIST, CITY)
    refuses(file, "send_back", by=archivist, reason="破损")
    file = perform(file, "send_back", by=archivist, reason_code="damaged", reason="第二卷受潮")
    assert file.stage == "returned"
    file = perform(file, "resend", by=world.applicant(handing_over, Role.ENT_CLERK))
    assert inspect(world, file).stage == "checked"


def test_somebody_without_any_file_is_certified_so(world, handing_over):
    """E16: a statement of the enterprise, then the certificate; a file that exists is not certified away."""
    *_others, none = world.files(handing_over)
    archivist, reviewer = world.by(Role.ARCHIVIST, CITY), world.by(Role.RMO_REVIEWER, CITY)
    assert "花名册列有档案编号" in refuses(none, "inspect", by=archivist, given={"messenger": "谢楚霖"})
    none = perform(
        none, "declare_gap", by=world.applicant(handing_over, Role.ENT_HEAD), given={"gap": "历次搬迁遗失"}
    )
    assert "花名册列有档案编号" in refuses(none, "accept_gap", by=reviewer)
    assert perform(none, "certify_none", by=reviewer).stage == "none_certified"


def test_files_are_not_checked_before_the_handover(world):
    case = world.batch("ready", 1)
    said = refuses(
        world.files(case).get(), "inspect", by=world.by(Role.ARCHIVIST, CITY), given={"messenger": "谢楚霖"}
    )
    assert "案件处于“交接中" in said


def test_the_archive_of_the_enterprises_level_keeps_the_files(world):
    case = world.batch(
        "handing_over", [Person(residence=RONGHUA), Person(residence=XINXING)], enterprise="ENT-010"
    )
    assert set(world.files(case).values_list("custodian__key", flat=True)) == {"445281-RMO"}
    outcome = perform_all(
        world.files(case), "inspect", by=world.by(Role.ARCHIVIST, "445281-RMO"), given={"messenger": "蔡志明"}
    )
    assert outcome.moved == 2
    assert {file.stage for file in FileHandover.objects.filter(case=case.pk)} == {"checked"}
