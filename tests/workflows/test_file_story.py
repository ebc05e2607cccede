"""The files that run beside a transfer, in the policy's words."""

import pytest

from apps.engine.door import perform, perform_all
from apps.organisations.choices import Role
from tests.refusals import refuses
from tests.worlds import CITY, RONGHUA, XINXING, Person
from workflows.models import FileHandover


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
