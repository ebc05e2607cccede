"""The transfer in the policy's words: where people belong, who decides, and what the street then has."""

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import Event
from apps.cases.models import CaseItem
from apps.documents.papers import StatusProof
from apps.engine.door import perform, perform_all
from apps.exchange import uploads
from apps.organisations.choices import Role
from apps.organisations.models import Enterprise, Organisation
from apps.retirees.models import ManagementInterval, Retiree
from apps.transfers.models import FrozenList
from tests.invariants import invariants_hold
from tests.refusals import refuses
from tests.worlds import (
    CITY,
    LIUSHADONG,
    PUNING,
    RONGCHENG,
    RONGHUA,
    XINXING,
    ZHONGSHAN,
    Person,
    today,
    workbook,
)
from workflows.models import AgreementSignature, FeeCollection, TransferBatch

STATION = "445202001-S1"


def managers(case) -> set[str]:
    open_ones = ManagementInterval.objects.filter(retiree__items__case=case.pk, period__upper_inf=True)
    return set(open_ones.values_list("manager__key", flat=True))


def test_a_roster_goes_from_the_enterprise_to_the_streets(world):
    """File, accept, match, confirm, fix, sign, pay, hand over, receive: the invariants hold at every step."""
    case = world.draft([Person(residence=RONGHUA), Person(residence=XINXING), Person(residence=LIUSHADONG)])
    for stage in ("submitted", "accepted", "matching", "allocating", "list_fixed", "agreed", "clearing", "ready",
                  "handing_over"):  # fmt: skip
        case = world.bring(case, stage)
        invariants_hold(case)
        assert managers(case) == {"ENT-001"}
    case = world.bring(case, "completed")
    invariants_hold(case)
    assert managers(case) == {RONGHUA, XINXING, LIUSHADONG}


@pytest.mark.clause("M-014")
def test_each_received_retiree_has_exactly_one_street_and_one_community(world):
    case = world.batch("completed", [Person(residence=RONGHUA, station=STATION)])
    retiree = world.items(case).get().retiree
    (interval,) = retiree.intervals.filter(period__upper_inf=True)
    assert (interval.manager.key, interval.station.key) == (RONGHUA, STATION)
    with pytest.raises(IntegrityError, match="one_manager_at_any_time"), transaction.atomic():
        ManagementInterval.objects.create(
            retiree=retiree, manager=world.office(XINXING), period=(interval.period.lower, None)
        )


@pytest.mark.clause("M-014")
def test_whom_a_street_manages_no_second_batch_hands_over(world):
    person = Person(residence=RONGHUA, name="陈原名")
    case = world.batch("completed", [person])
    other = [Person(residence=XINXING, number=person.number, name="另一名"), Person(residence=XINXING)]
    again = world.batch("submitted", other, enterprise="ENT-015")
    assert [item.stage for item in world.items(again)] == ["invalid", "valid"]
    retiree = world.items(case).get().retiree
    assert (retiree.name, retiree.enterprise.key) == ("陈原名", "ENT-001")
    assert retiree.intervals.get(period__upper_inf=True).manager.key == RONGHUA


@pytest.mark.clause("M-015")
def test_the_street_is_that_of_the_residence_or_of_the_hukou_and_no_third(world):
    case = world.batch("allocating", [Person(residence=RONGHUA, hukou=LIUSHADONG)])
    item, clerk = world.items(case).get(), world.authority(case, Role.RMO_CLERK)
    third = {"street": world.office(ZHONGSHAN).pk}
    said = refuses(item, "replace", by=clerk, reason="本人要求", given=third)
    assert "所选街道为其常年居住地或户口所在地的街道" in said
    item = perform(
        item, "replace", by=clerk, reason="本人愿回户籍地", given={"street": world.office(LIUSHADONG).pk}
    )
    assert (item.organisation.key, item.placement) == (LIUSHADONG, "HUKOU")
    event = Event.objects.get(stream="case", stream_id=case.pk, move="replace")
    assert (event.reason, event.given["street"]["id"]) == ("本人愿回户籍地", world.office(LIUSHADONG).pk)


@pytest.mark.clause("M-015")
def test_a_roster_that_names_a_third_street_is_not_sent_to_it(world):
    case = world.batch("matching", [Person(residence=RONGHUA, hukou=XINXING), Person()])
    stray = world.items(case).first()
    CaseItem.objects.filter(pk=stray.pk).update(organisation=world.office(LIUSHADONG))
    clerk = world.authority(case, Role.RMO_CLERK)
    assert "接收街道为其常年居住地或户口所在地的街道" in refuses(stray, "assign", by=clerk)


@pytest.mark.clause("M-016")
def test_a_transfer_changes_neither_pension_relation_nor_paying_agency(world):
    case = world.batch("submitted", [Person(facts={"paying_agency": "广东省社会保险基金管理局"}), Person()])
    before = dict(Retiree.objects.filter(items__case=case.pk).values_list("pk", "si_agency"))
    assert sorted(before.values()) == ["市社保局", "广东省社会保险基金管理局"]
    world.bring(case, "completed")
    assert dict(Retiree.objects.filter(items__case=case.pk).values_list("pk", "si_agency")) == before


@pytest.mark.clause("M-016")
def test_a_later_roster_does_not_change_the_paying_agency(world):
    person = Person(facts={"paying_agency": "广东省社会保险基金管理局"})
    case = world.batch("accepted", [person])
    perform(case, "withdraw", by=world.applicant(case, Role.ENT_HEAD), reason="改期移交")
    again = world.batch("submitted", [Person(number=person.number, facts={"paying_agency": "别处社保局"})])
    assert world.items(again).get().retiree.si_agency == "广东省社会保险基金管理局"


@pytest.mark.clause("M-010", "M-074")
def test_everybody_received_has_a_station_and_the_station_meets_its_own_only(world):
    case = world.batch("completed", [Person(station=STATION), Person(station="445202001-S2"), Person()])
    received = ManagementInterval.objects.filter(
        retiree__items__case=case.pk, manager__kind="STREET_RMO", period__upper_inf=True
    )
    assert received.count() == 3
    assert not received.filter(station=None).exists()
    perform_all(world.items(case, "received"), "enrol", by=world.by(Role.STREET_CLERK, RONGHUA))
    given = {"met_on": today()}
    outcome = perform_all(
        world.items(case, "enrolled"), "meet", by=world.by(Role.STATION_WORKER, STATION), given=given
    )
    assert outcome.moved == 1
    assert [item.station.key for item in world.items(case, "settled")] == [STATION]


@pytest.mark.clause("M-010")
def test_where_a_community_has_no_station_the_street_is_the_station(world):
    """E38: the street acts as station until there is one."""
    case = world.batch("completed", [Person()])
    item = perform(world.items(case).get(), "enrol", by=world.by(Role.STREET_CLERK, RONGHUA))
    assert item.station.key == RONGHUA
    item = perform(item, "meet", by=world.by(Role.STREET_CLERK, RONGHUA), given={"met_on": today()})
    assert item.stage == "settled"


@pytest.mark.clause("M-058")
def test_only_the_street_names_the_station_and_only_one_of_its_own(world):
    case = world.batch("allocating", [Person()])
    item, given = world.items(case).get(), {"station": world.office(STATION).pk}
    for role, office in (
        (Role.STATION_WORKER, STATION),
        (Role.STREET_CLERK, XINXING),
        (Role.RMO_CLERK, RONGCHENG),
    ):
        assert "由街道（乡镇）经办人办理" in refuses(item, "confirm", by=world.by(role, office), given=given)
    clerk = world.by(Role.STREET_CLERK, RONGHUA)
    elsewhere = {"station": world.office("445202002-S1").pk}
    refuses(item, "confirm", by=clerk, given=elsewhere)
    assert perform(item, "confirm", by=clerk, given=given).station.key == STATION


# --- which level ---


@pytest.mark.clause("M-035")
def test_a_batch_of_the_citys_own_enterprise_is_the_citys(world):
    """市直: filed with the city, whose list may send people to streets of several counties."""
    case = world.batch(
        "submitted", [Person(residence=RONGHUA), Person(residence=LIUSHADONG)], enterprise="ENT-001"
    )
    assert case.authority.key == CITY
    for county in (RONGCHENG, PUNING):
        assert "由退管机构经办人办理" in refuses(case, "accept", by=world.by(Role.RMO_CLERK, county))
    case = world.bring(case, "completed")
    assert {item.organisation.superior.key for item in world.items(case)} == {RONGCHENG, PUNING}


@pytest.mark.clause("M-051", "M-047")
def test_a_batch_of_a_countys_enterprise_is_routed_to_its_own_county(world):
    case = world.batch("submitted", [Person(residence=LIUSHADONG)], enterprise="ENT-010")
    assert case.authority.key == PUNING
    for office in (CITY, RONGCHENG):
        assert "由退管机构经办人办理" in refuses(case, "accept", by=world.by(Role.RMO_CLERK, office))
    case = world.bring(case, "allocating")
    item = perform(
        world.items(case).get(),
        "dispute",
        by=world.by(Role.STREET_CLERK, LIUSHADONG),
        reason_code="elsewhere",
    )
    reason = "经入户核实，常年居住于该街道"
    assert "审核人办理" in refuses(item, "settle", by=world.by(Role.RMO_REVIEWER, RONGCHENG), reason=reason)
    assert perform(item, "settle", by=world.by(Role.RMO_REVIEWER, PUNING), reason=reason).stage == "confirmed"


@pytest.mark.clause("M-088")
@pytest.mark.parametrize("enterprise", ["ENT-012", "ENT-013"])
def test_central_and_provincial_units_hand_over_at_the_city_and_pay_there_at_once(world, enterprise):
    assert Enterprise.objects.get(organisation__key=enterprise).affiliation in ("PROVINCE", "CENTRAL")
    case = world.batch("clearing", 1, enterprise=enterprise)
    fee = case.assessments.get()
    assert (case.authority.key, fee.government.key) == (CITY, "445200-GOV")
    assert not any("deferred" in name or "instal" in name for name in FeeCollection.stages)
    assert "receive" not in {
        option.move.name for option in world.items(case).get().moves_for(world.by(Role.STREET_HEAD, RONGHUA))
        if option.allowed
    }  # fmt: skip
    assert world.bring(case, "completed").stage == "completed"


@pytest.mark.clause("M-053")
def test_what_a_county_records_is_the_citys_record_too(world, signed_in):
    """County and city count the same rows: nothing is entered a second time."""
    world.batch("completed", [Person(residence=RONGHUA), Person(residence=XINXING)], enterprise="ENT-005")
    world.batch("completed", [Person(residence=LIUSHADONG)], enterprise="ENT-010")
    totals = {who: signed_in(who).get("/ledger/").context["total"] for who in
              ("rongcheng-clerk", "puning-clerk", "city-clerk")}  # fmt: skip
    assert totals == {"rongcheng-clerk": 2, "puning-clerk": 1, "city-clerk": 3}


@pytest.mark.clause("M-062")
def test_the_ledger_writes_itself_from_the_reception(world, signed_in):
    browser = signed_in("ronghua-clerk")
    case = world.batch("handing_over", [Person(name="陈建国"), Person(name="林秀英")])
    assert browser.get("/ledger/").context["total"] == 0
    perform(world.items(case).first(), "receive", by=world.by(Role.STREET_HEAD, RONGHUA))
    assert [row["retiree"].name for row in browser.get("/ledger/").context["rows"]] == ["陈建国"]


@pytest.mark.clause("M-063")
def test_heads_at_the_end_are_those_at_the_start_plus_who_came_less_who_went(world, signed_in):
    browser = signed_in("ronghua-clerk")
    world.batch("completed", [Person(), Person()])
    balance = browser.get("/ledger/changes/").context["balance"]
    assert (balance.opening, balance.increases, balance.decreases, balance.closing) == (0, 2, 0, 2)


# --- the list ---


def test_the_list_is_frozen_with_each_persons_street(world):
    case = world.batch("list_fixed", [Person(residence=RONGHUA), Person(residence=XINXING)])
    frozen = FrozenList.objects.get(case=case.pk)
    assert (frozen.number, frozen.heads) == (1, 2)
    assert sorted(frozen.lines.values_list("street__key", flat=True)) == [RONGHUA, XINXING]


def test_a_list_opened_again_is_frozen_as_a_new_version(world):
    case = world.batch("list_fixed", 2)
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    case = perform(case, "reopen", by=reviewer, reason="一人住址有误")
    assert {fee.stage for fee in case.assessments.all()} == {"cancelled"}
    perform(world.items(case).last(), "remove", by=reviewer, reason_code="not_theirs")
    case = perform(case, "fix", by=reviewer)
    assert [
        (one.number, one.heads) for one in FrozenList.objects.filter(case=case.pk).order_by("number")
    ] == [
        (1, 2),
        (2, 1),
    ]
    invariants_hold(case)
    assert world.bring(case, "completed").stage == "completed"


def test_terms_that_change_are_signed_anew(world):
    case = world.batch("agreed", 1)
    case = perform(case, "renegotiate", by=world.authority(case, Role.RMO_HEAD), reason="交接时间变更")
    assert case.stage == "list_fixed"
    world.sign(case)
    assert TransferBatch.objects.get(pk=case.pk).stage == "agreed"
    assert world.bring(TransferBatch.objects.get(pk=case.pk), "completed").stage == "completed"


def test_each_receiving_county_signs_the_agreement(world):
    case = world.batch("list_fixed", [Person(residence=RONGHUA), Person(residence=LIUSHADONG)])
    assert set(case.signatures.values_list("organisation__key", flat=True)) == {
        "ENT-001",
        CITY,
        RONGCHENG,
        PUNING,
    }
    waiting = case.signatures.order_by("pk")
    for signature in waiting[:3]:
        role = Role.ENT_HEAD if signature.organisation.key == "ENT-001" else Role.RMO_HEAD
        perform(
            AgreementSignature.objects.get(pk=signature.pk),
            "sign",
            by=world.by(role, signature.organisation_id),
        )
        assert TransferBatch.objects.get(pk=case.pk).stage == "list_fixed"
    world.sign(case)
    assert TransferBatch.objects.get(pk=case.pk).stage == "agreed"


# --- what the enterprise files ---


@pytest.mark.clause("M-006")
def test_somebody_retired_from_the_civil_service_is_no_enterprise_retiree(world):
    case = world.draft(1)
    head = world.applicant(case, Role.ENT_HEAD)

    def civil_servant(rows):
        rows[0]["person_class"] = "机关退休"

    file = workbook(case, 3, change=civil_servant)
    version = uploads.upload(case, file.read(), file.name, by=world.applicant(case, Role.ENT_CLERK))
    (row,) = version.rows.filter(blocking=True)
    assert "V-41" in {fault["code"] for fault in row.faults}
    world.attach(case, StatusProof, by=head)
    assert "不合格的行已改正，或已注明不申报" in refuses(case, "submit", by=head)
    uploads.leave_out(version, [row], by=world.applicant(case, Role.ENT_CLERK))
    perform(TransferBatch.objects.get(pk=case.pk), "submit", by=head)
    assert world.items(case).count() == 2


@pytest.mark.clause("M-107")
def test_without_a_named_liaison_no_batch_is_filed(world):
    case = world.draft(1)
    head = world.applicant(case, Role.ENT_HEAD)
    world.attach(case, StatusProof, by=head)
    enterprise = Enterprise.objects.filter(organisation=case.enterprise)
    for nameless in ({"liaison_name": ""}, {"liaison_phone": ""}):
        kept = enterprise.values(*nameless).get()
        enterprise.update(**nameless)
        assert "企业已登记联系人及电话" in refuses(case, "submit", by=head)
        enterprise.update(**kept)
    assert perform(case, "submit", by=head).stage == "submitted"


@pytest.mark.clause("M-106")
def test_what_the_enterprise_goes_on_owing_outlives_the_transfer(world):
    allowance = [{"name": "误餐补贴", "fen": 12000}]
    owing = Person(facts={"out_of_pool": allowance, "housing": "未房改", "medical_insured": "否"})
    case = world.batch("completed", [owing, Person()])
    assert sorted(case.obligations.values_list("kind", "detail")) == [
        ("HOUSING", ""), ("OUT_OF_POOL", "误餐补贴 120.00"), ("UNINSURED_MEDICAL", ""),
    ]  # fmt: skip
    assert {one.item_id for one in case.obligations.all()} == {world.items(case).first().pk}
    assert case.papers.filter(kind="ObligationList").count() == 1


def test_a_liquidator_files_for_the_enterprise_that_is_no_more(world):
    """TB1: who acts for a bankrupt enterprise applies; the batch is still the enterprise's."""
    case = world.batch("completed", 1, enterprise="ENT-002-LQ")
    assert (case.applicant.key, case.enterprise.key) == ("ENT-002-LQ", "ENT-002")
    assert world.items(case).get().retiree.enterprise.key == "ENT-002"
    assert Organisation.objects.get(key="ENT-002-LQ").acts_for.key == "ENT-002"
