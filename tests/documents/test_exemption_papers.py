"""What the papers of an exemption say: amounts in capitals, four opinions, reasons and remedies, nobody's data."""

import pytest

from apps.documents.making import facts_of, kept_facts
from apps.documents.models import Paper
from tests.engine.exemption_scenes import exemption_scenes
from workflows.models import FeeExemption

from .conftest import draw_up, read

pytestmark = pytest.mark.django_db

GIVEN = {
    "ExemptionApplication": [
        "申请豁免1,500.00元（大写：壹仟伍佰元整）", "企业已不存在，由我单位代为申请", "资产不足的裁定",
    ],
    "ExemptionAcceptance": ["现予受理", "揭西县人民政府审批", "暂停催缴"],
    "CorrectionNotice": ["管理活动经费豁免申请", "退出证明不全或不符"],
    "InvestigationReport": ["现场核查", "申报0.00元，查明0.00元", "属实", "人数与名册一致"],
    "ExemptionPublicity": ["壹仟伍佰元整", "公示期至"],
    "OpinionSheet": ["财政困难，不同意", "不同意豁免"],
    "Submission": ["同意豁免", "不同意豁免", "妥否，请批示"],
    "ExemptionRefusal": ["证据不足", "申请行政复议", "揭阳市人民政府", "揭西府函〔2026〕7号"],
    "ReconsiderationDecision": ["变更原决定，准予豁免", "壹仟伍佰元整", "请求变更", "揭西府函〔2026〕7号"],
    "ExemptionRevocation": ["壹仟伍佰元整", "事后发现或取得资产", "行政诉讼", "听取缴款单位陈述申辩"],
    "ExemptionSheet": ["劳动保障部门", "财政部门", "国资（主管）部门", "人民政府", "一式四份", "不予豁免"],
    "ExemptionIndex": ["管理活动经费豁免申请书", "资产证明", "归档"],
}  # fmt: skip


@pytest.fixture(scope="module")
def walked(standing_world, django_db_blocker):
    """Two exemptions of a county's enterprise to their ends, their papers drawn up."""
    with django_db_blocker.unblock():
        for _scene in exemption_scenes(standing_world):
            pass
        draw_up()
        yield FeeExemption.rows().order_by("pk")


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.clause("M-090")
def test_a_paper_says(walked, kind):
    said = read(walked.first(), kind)
    assert [part for part in GIVEN[kind] if part not in said] == []


def test_what_is_granted_in_part_names_what_is_left_and_the_interpretation(walked):
    said = read(walked.last(), "ExemptionDecision")
    parts = [
        "500.00元（大写：伍佰元整",
        "其余1,000.00元",
        "适用解释Q4",
        "揭西府函〔2026〕8号",
        "申请行政复议",
    ]
    assert [part for part in parts if part not in said] == []


def test_the_report_is_signed_by_two(walked):
    assert read(walked.first(), "InvestigationReport").count("核查人：") == 2


def test_the_publicity_names_no_person(walked):
    """Not even what the applicant typed: only the signer of the office and what is known of the enterprise."""
    said = read(walked.first(), "ExemptionPublicity")
    assert "企业已停止经营" not in said and "没有收入来源" not in said


def test_the_trail_gives_the_same_facts_when_everything_has_moved_on(walked):
    for paper in Paper.objects.filter(case__in=walked.values("pk")).select_related("file"):
        assert facts_of(paper) == kept_facts(paper.file), paper.kind
