"""The tree of guidance, its uniqueness, and what it lacks."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import Event
from apps.organisations import offices, tree
from apps.organisations.choices import Level, OrgKind, Role
from apps.organisations.models import Division, Organisation

TODAY = date(2026, 11, 23)
APPROVED = {"approval_number": "揭编〔2006〕示例1号", "approval_date": date(2006, 1, 4)}


def body(key, kind, level, **facts):
    return Organisation(key=key, kind=kind, level=level, name=key, active_from=date(2006, 2, 1), **facts)


def test_a_station_stands_below_its_street_county_and_city(town):
    station = town.office("445202001-S1")
    keys = ["445202001-S1", "445202001-RMO", "445202-RMO", "445200-RMO"]
    assert station.lineage == [town.office(key).pk for key in keys]


def test_each_level_stands_above_its_own_area_only(town):
    city, county, street = (town.office(key) for key in ("445200-RMO", "445202-RMO", "445202001-RMO"))
    below = {
        office: set(Organisation.objects.below(office.pk).values_list("key", flat=True))
        for office in (city, county, street)
    }
    assert below[street] == {"445202001-RMO", *(f"445202001-S{n}" for n in range(1, 5))}
    assert below[street] < below[county] < below[city]
    assert not below[county] & {"445281-RMO", "445281001-RMO", "445281001-S1"}


def test_rebuilding_is_one_statement_and_finds_nothing_to_do(town, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tree.rebuild() == 0


def test_moving_a_street_moves_its_stations(town):
    Organisation.objects.filter(key="445202102-RMO").update(superior=town.office("445203-RMO"))
    assert tree.rebuild() == 3
    assert town.office("445202102-S1").lineage[2] == town.office("445203-RMO").pk


def test_bodies_that_guide_each_other_are_named(town):
    Organisation.objects.filter(key="445200-RMO").update(superior=town.office("445202001-RMO"))
    with pytest.raises(tree.TreeBroken, match="445202001-RMO"), transaction.atomic():
        tree.rebuild()


@pytest.mark.clause("M-026")
def test_a_street_has_one_office_at_most(town, signed_in):
    street, county = town.office("445202001-RMO"), town.office("445202-RMO")
    second = body("second", OrgKind.STREET_RMO, Level.STREET, division=street.division, **APPROVED)
    above = {"second": {"parent": county.key, "superior": county.key}}
    with pytest.raises(IntegrityError, match="one_office_per_street"), transaction.atomic():
        offices.found([second], by=None, above=above)

    Organisation.objects.filter(pk=street.pk).update(active_until=date(2026, 1, 1))
    offices.found([second], by=None, above=above)
    shown = dict(signed_in("city-head").get("/organisations/").context["offices"])[county]
    assert [each.key for each in shown if each.division_id == street.division_id] == ["second"]


@pytest.mark.clause("M-027")
def test_a_community_has_one_station_found_by_full_and_short_name(town, signed_in):
    station = body("second", OrgKind.COMMUNITY_STATION, Level.COMMUNITY, community="进贤社区")
    with pytest.raises(IntegrityError, match="one_station_per_community"), transaction.atomic():
        offices.found([station], by=None, above={"second": {"parent": "445202001-RMO"}})
    page = signed_in("city-head").get("/organisations/", {"q": "进贤社区企业退休人员社会化管理服务站"})
    assert [each.key for each in page.context["found"]] == ["445202001-S1"]
    page = signed_in("city-head").get("/organisations/", {"q": "进贤社区退管站"})
    assert [each.key for each in page.context["found"]] == ["445202001-S1"]


def test_a_body_becomes_active_only_with_its_approval(db):
    with pytest.raises(IntegrityError, match="active_body_is_approved"), transaction.atomic():
        offices.found([body("x", OrgKind.RMO, Level.COUNTY)], by=None)
    offices.found([body("x", OrgKind.RMO, Level.COUNTY, **APPROVED)], by=None)
    assert Organisation.objects.active(TODAY).filter(key="x").exists()


@pytest.mark.clause("M-002")
def test_a_management_committee_owns_streets_like_a_county(town, signed_in):
    street = body(
        "zone-street",
        OrgKind.STREET_RMO,
        Level.STREET,
        division=Division.objects.get(code="445202006"),
        **APPROVED,
    )
    offices.found(
        [street], by=None, above={"zone-street": {"parent": "4452MC-01-RMO", "superior": "4452MC-01-RMO"}}
    )
    zone = town.office("4452MC-01-RMO")
    assert set(Organisation.objects.below(zone.pk).values_list("key", flat=True)) == {zone.key, "zone-street"}
    shown = dict(signed_in("city-head").get("/organisations/").context["offices"])
    assert [each.key for each in shown[zone]] == ["zone-street"]
    assert (town.acting("zone-gov").organisation.kind, town.acting("zone-gov").role) == (
        OrgKind.MGMT_COMMITTEE,
        Role.GOV_APPROVER,
    )


@pytest.mark.clause("M-018")
def test_a_street_without_an_office_is_shown_as_a_gap(town, signed_in):
    def gaps():
        page = signed_in("city-head").get("/organisations/")
        return {gap.place for _, rows in page.context["gaps"] for gap in rows}

    assert "榕东街道" in gaps()
    assert "榕华街道" not in gaps()
    Organisation.objects.filter(key="445202001-RMO").update(active_until=date(2026, 1, 1))
    assert "榕华街道" in gaps()


def test_an_office_without_its_head_is_a_gap(town):
    town.acting("ronghua-head").organisation.posts.filter(role="STREET_HEAD").update(
        valid_until=date(2026, 1, 1)
    )
    assert [gap.lacks for gap in tree.gaps(TODAY) if gap.place == "榕华街道劳动保障事务所"] == ["没有负责人"]


def test_a_name_belongs_to_its_period(town):
    office = town.office("445203-RMO")
    names = {name.name: name.valid for name in office.names.all()}
    assert date(2012, 12, 16) in names["揭东县企业退休人员社会化管理服务中心（示例）"]
    assert date(2012, 12, 17) in names["揭东区企业退休人员社会化管理服务中心（示例）"]
    assert Organisation.objects.named("揭东县企业退休人员").get() == office


def test_a_new_name_keeps_the_old_one_and_is_an_event(town):
    office = town.office("445202-RMO")
    offices.rename(
        office, "榕城区退休人员服务中心（示例）", by=town.acting("city-head"), on=date(2026, 12, 1)
    )
    assert [name.name for name in office.names.order_by("valid")] == [
        "榕城区企业退休人员社会化管理服务中心（示例）",
        "榕城区退休人员服务中心（示例）",
    ]
    event = Event.objects.get(stream="organisation", stream_id=office.pk, move="rename")
    assert (event.actor["person"], event.given["to"]) == ("王敏芳", "榕城区退休人员服务中心（示例）")


def test_the_network_page_costs_the_same_for_one_office_and_for_all(
    town, signed_in, django_assert_num_queries
):
    browser = signed_in("city-head")
    browser.get("/organisations/")
    with django_assert_num_queries(9):
        browser.get("/organisations/")
    Organisation.objects.filter(kind=OrgKind.STREET_RMO).exclude(key="445202001-RMO").update(
        active_until=TODAY
    )
    with django_assert_num_queries(9):
        browser.get("/organisations/")


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get("/organisations/").status_code == 302
