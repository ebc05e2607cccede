"""Founding, renaming, moving and closing bodies, and redrawing divisions, through the desk."""

import datetime as dt

import pytest

from apps.audit.models import Event
from apps.cases.models import Case, Participant
from apps.engine import participants
from apps.jobs.queue import run_due
from apps.organisations import second_person
from apps.organisations.divisions import DivisionBook
from apps.organisations.models import Organisation
from apps.organisations.refusals import NotChanged
from apps.policies import seeds
from tests.worlds import RONGHUA, XINXING, people


@pytest.fixture
def change(system, security):
    """Propose as one and approve as the other."""

    def make(kind, /, **line):
        return second_person.approve(second_person.propose(kind, [line], by=system), by=security)

    return make


def test_a_street_office_and_its_station_are_founded(town, change):
    found = {
        "community": "",
        "approval_number": "揭编〔2026〕示例9号",
        "approval_date": "2026-01-04",
        "short_name": "",
    }
    county = town.office("445202-RMO")
    change(
        "found",
        key="445202006-RMO",
        kind="STREET_RMO",
        name="榕东街道事务所",
        division="445202006",
        superior=county.pk,
        active_from="2026-02-01",
        authorised_posts=3,
        **found,
    )
    street = town.office("445202006-RMO")
    assert street.lineage == [street.pk, *county.lineage]
    station = found | {"community": "示例社区", "approval_number": "", "approval_date": ""}
    change(
        "found",
        key="445202006-S1",
        kind="COMMUNITY_STATION",
        name="示例社区退管站",
        division="",
        superior=street.pk,
        active_from="2026-02-01",
        authorised_posts=None,
        **station,
    )
    assert town.office("445202006-S1").parent == street


def test_a_street_is_not_guided_by_a_station(town, system):
    line = {"organisation": town.office(RONGHUA).pk, "superior": town.office("445202002-S1").pk}
    with pytest.raises(NotChanged, match="不能由"):
        second_person.propose("move", [line], by=system)


def test_a_moved_street_takes_its_cases_to_the_new_county(world, town, change):
    case = world.batch("allocating", people(2, RONGHUA), enterprise="ENT-001")
    county = town.office("445203-RMO")
    seats = Participant.objects.filter(case=case.pk, organisation=county)
    assert not seats.exists()
    change("move", organisation=town.office(RONGHUA).pk, superior=county.pk)
    assert town.office("445202001-S1").lineage[2] == county.pk
    run_due()
    assert seats.exists()
    before = set(Participant.objects.values_list("case", "organisation", "open"))
    participants.refresh(list(Case.objects.values_list("pk", flat=True)))
    assert set(Participant.objects.values_list("case", "organisation", "open")) == before


def test_a_body_with_work_people_or_bodies_below_is_not_closed(world, town, system, change):
    world.batch("allocating", people(1, RONGHUA))
    end = {"on": "2026-12-01", "reason": "撤并"}
    for key, why in ((RONGHUA, "待办"), (XINXING, "下级"), ("445202-RMO", "下级")):
        with pytest.raises(NotChanged, match=why):
            second_person.propose("close", [{"organisation": town.office(key).pk, **end}], by=system)
    change("close", organisation=town.office("445202002-S1").pk, **end)
    closed = town.office("445202002-S1")
    assert closed.active_until == dt.date(2026, 12, 1)
    event = Event.objects.filter(stream="organisation", stream_id=closed.pk).latest("seq")
    assert (event.move, event.reason) == ("close", "撤并")


def test_a_body_gets_another_name(town, change):
    change("rename", organisation=town.office(RONGHUA).pk, name="榕华街道便民中心", on="2026-12-01")
    assert Organisation.objects.named("榕华街道便民中心").get() == town.office(RONGHUA)


def test_a_division_is_redrawn_from_a_day_on_and_seeding_leaves_it_so(town, change):
    line = {"code": "445202001", "on": "2026-12-01", "merged_into": ""}
    change("division", **line, name="榕中街道", parent_code="445202")
    before, after = DivisionBook.on(dt.date(2026, 11, 30)), DivisionBook.on(dt.date(2026, 12, 1))
    assert (before.now["445202001"].name, after.now["445202001"].name) == ("榕华街道", "榕中街道")
    seeds.load()
    assert DivisionBook.on(dt.date(2026, 12, 1)).now["445202001"].name == "榕中街道"
    change("division", code="445202001", on="2027-01-01", name="", parent_code="", merged_into="445202002")
    seeds.load()
    assert "445202001" not in DivisionBook.on(dt.date(2027, 1, 1)).now


def test_a_division_that_is_not_there_does_not_end(system):
    line = {"code": "449999001", "on": "2026-12-01", "name": "", "parent_code": "", "merged_into": ""}
    with pytest.raises(NotChanged, match="没有代码"):
        second_person.propose("division", [line], by=system)
