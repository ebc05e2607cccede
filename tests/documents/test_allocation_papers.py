"""What the sheets of allocations say: one row a street, the total in figures and in capitals."""

import pytest

from apps.documents.making import facts_of, kept_facts
from apps.documents.models import Paper
from tests.engine.allocation_scenes import allocation_scenes
from workflows.models import FundAllocation

from .conftest import draw_up, read

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def walked(standing_world, django_db_blocker):
    """A yearly allocation and a start-up grant to two streets, their papers drawn up."""
    with django_db_blocker.unblock():
        for _scene in allocation_scenes(standing_world):
            pass
        draw_up()
        yield FundAllocation.rows().order_by("pk")


@pytest.mark.clause("M-092")
def test_the_sheet_of_a_yearly_allocation_says(walked):
    said = read(walked.first(), "AllocationSheet")
    parts = [
        "拨付审批表", "用途：活动", "资金来源：财政专户", "共3人", "合计300.00元（大写：叁佰元整）", "100.00元/人",
        "榕华街道劳动保障事务所2", "200.00", "专款专用",
    ]  # fmt: skip
    assert [part for part in parts if part not in said] == []
    assert "移交企业" not in said


@pytest.mark.clause("M-093", "M-094")
def test_the_sheet_of_a_start_up_grant_says(walked):
    said = read(walked.last(), "StartUpSheet")
    parts = [
        "开办费核拨表", "县（市、区）财政预算", "第1档（1人至500人）", "20,000.00", "大写：肆万元整",
        "演示值", "只核拨一次",
    ]  # fmt: skip
    assert [part for part in parts if part not in said] == []
    assert not walked.last().papers.filter(kind="AllocationSheet").exists()


def test_the_trail_gives_the_same_facts_when_everything_has_moved_on(walked):
    papers = Paper.objects.filter(case__in=walked.values("pk")).select_related("file")
    assert papers.count() == 2
    for paper in papers:
        assert facts_of(paper) == kept_facts(paper.file), paper.kind
