"""What the policy says of everything that goes differently: the catalogue of exceptions of a transfer."""

import datetime as dt

import pytest

from apps.audit.streams import now
from apps.cases.models import CaseItem
from apps.clocks import alarms
from apps.documents.papers import DeathProof
from apps.engine.door import perform, perform_all
from apps.fees.models import Charge, FeeAssessment
from apps.organisations.choices import Role
from apps.retirees.models import ManagementInterval
from apps.transfers.models import Difference
from tests.invariants import invariants_hold
from tests.refusals import refuses
from tests.worlds import (
    CITY,
    LIUSHADONG,
    PUNING,
    RONGCHENG,
    RONGHUA,
    XINXING,
    Person,
    answer,
    appointment,
    people,
    today,
)
from workflows.models import TransferBatch


def stage(case) -> str:
    return TransferBatch.objects.get(pk=case.pk).stage


# --- E01: a death before the reception ---


def test_e01_who_dies_before_the_reception_is_not_charged_and_not_received(world):
    case = world.batch("list_fixed", 2)
    dead, alive = world.items(case)
    world.report_death(dead)
    dead.refresh_from_db()
    assert (dead.stage, dead.open, dead.retiree.died_on) == ("ended_death", False, today())
    assert not ManagementInterval.objects.filter(retiree=dead.retiree, period__upper_inf=True).exists()
    assert not Charge.objects.filter(item=dead, void=False).exists()
    fee = FeeAssessment.objects.get(case=case.pk)
    assert (fee.heads, fee.amount_fen) == (1, 150_000)
    assert world.files(case).get(retiree=dead.retiree).stage == "deceased_kept"
    case = world.bring(TransferBatch.objects.get(pk=case.pk), "completed")
    assert world.items(case, "received").get() == alive
    invariants_hold(case)


def test_e01_a_death_needs_its_proof_and_a_date_that_has_come(world):
    case = world.batch("allocating", 1)
    item, reviewer = world.items(case).get(), world.authority(case, Role.RMO_REVIEWER)
    given = {"died_on": today(), "reported_by": "家属"}
    assert "已附“死亡证明”" in refuses(item, "end_by_death", by=reviewer, given=given)
    world.attach(case, DeathProof, by=reviewer)
    assert "由退管机构审核人办理" in refuses(
        item, "end_by_death", by=world.by(Role.STREET_CLERK, RONGHUA), given=given
    )
    assert perform(item, "end_by_death", by=reviewer, given=given).stage == "ended_death"


def test_e01_a_death_is_recorded_even_while_the_case_is_suspended(world):
    case = world.batch("clearing", 2)
    perform(case, "suspend", by=world.authority(case, Role.RMO_HEAD), reason="法院审理中",
            given={"review_on": today()})  # fmt: skip
    item = world.items(case).first()
    world.report_death(item)
    assert world.items(case).get(pk=item.pk).stage == "ended_death"
    assert world.files(case).get(retiree=item.retiree).stage == "deceased_kept"


def test_e01_who_is_dead_already_is_not_confirmed(world):
    case = world.batch("matching", 2)
    item, clerk = world.items(case).first(), world.authority(case, Role.RMO_CLERK)
    perform(case, "record_answer", by=clerk, given={"answer": answer(case, dead=[item.pk])})
    item.refresh_from_db()
    assert (item.stage, Difference.objects.get(item=item).theirs) == ("mismatch", "2020-01-05")
    world.report_death(item)
    case = perform(TransferBatch.objects.get(pk=case.pk), "allocate", by=clerk)
    assert world.bring(case, "completed").stage == "completed"


# --- E06, E07, E08: where somebody lives ---


def test_e06_who_moves_before_the_list_is_fixed_is_asked_of_the_other_street(world):
    case = world.batch("allocating", [Person(residence=RONGHUA, hukou=XINXING)])
    clerk, given = world.authority(case, Role.RMO_CLERK), {"street": world.office(XINXING).pk}
    world.confirm(case)
    item = perform(world.items(case).get(), "replace", by=clerk, reason="已迁回户籍地", given=given)
    assert (item.stage, item.organisation.key, item.station) == ("placed", XINXING, None)
    world.confirm(case)
    case = perform(TransferBatch.objects.get(pk=case.pk), "fix", by=world.authority(case, Role.RMO_REVIEWER))
    assert "分派核实中" in refuses(
        world.items(case).get(),
        "replace",
        by=clerk,
        reason="又迁走",
        given={"street": world.office(RONGHUA).pk},
    )


def test_e06_who_moves_after_the_list_is_fixed_may_be_deferred(world):
    case = world.batch("list_fixed", 2)
    given = {"review_on": today() + dt.timedelta(days=60)}
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    item = perform(world.items(case).first(), "defer", by=reviewer, reason_code="moving", given=given)
    assert (item.stage, item.review_on) == ("deferred", given["review_on"])


def test_e07_a_wrong_street_disputes_and_the_county_decides(world):
    case = world.batch("allocating", [Person(residence=RONGHUA, hukou=XINXING)])
    item = perform(
        world.items(case).get(), "dispute", by=world.by(Role.STREET_CLERK, RONGHUA), reason_code="elsewhere"
    )
    manager = ManagementInterval.objects.get(retiree=item.retiree, period__upper_inf=True).manager
    assert (item.stage, manager.key) == ("disputed", "ENT-001")
    county, given = world.by(Role.RMO_REVIEWER, RONGCHENG), {"street": world.office(XINXING).pk}
    item = perform(item, "redirect", by=county, reason="查明常住新兴街道", given=given)
    assert (item.stage, item.organisation.key) == ("placed", XINXING)
    assert case.papers.filter(kind="PlacementRuling").count() == 1


def test_e07_across_counties_only_the_city_decides(world):
    case = world.batch("allocating", [Person(residence=RONGHUA, hukou=LIUSHADONG)], enterprise="ENT-005")
    item = perform(
        world.items(case).get(), "dispute", by=world.by(Role.STREET_CLERK, RONGHUA), reason_code="moved"
    )
    county, given = world.by(Role.RMO_REVIEWER, RONGCHENG), {"street": world.office(LIUSHADONG).pk}
    assert "跨县的请提请市裁定" in refuses(item, "redirect", by=county, reason="已迁普宁", given=given)
    item = perform(item, "refer", by=county, reason="涉及普宁市，请市裁定")
    assert "由市退管机构审核人办理" in refuses(
        item, "rule_elsewhere", by=county, reason="已迁普宁", given=given
    )
    item = perform(
        item, "rule_elsewhere", by=world.by(Role.RMO_REVIEWER, CITY), reason="已迁普宁", given=given
    )
    assert (item.stage, item.organisation.superior.key) == ("placed", PUNING)


def test_e07_no_capacity_is_not_a_reason_to_dispute(world):
    case = world.batch("allocating", 1)
    street = world.by(Role.STREET_CLERK, world.items(case).get().organisation_id)
    said = refuses(
        world.items(case).get(), "dispute", by=street, reason_code="no_capacity", reason="人手不足"
    )
    assert said == "请从列出的理由中选择一项"


def test_e07_a_street_that_keeps_silent_past_its_time_is_asked_no_longer(world):
    case = world.batch("allocating", 1)
    item = world.items(case).get()
    assert alarms.fire(1000) == 0
    CaseItem.objects.filter(pk=item.pk).update(due_at=now() - dt.timedelta(seconds=1))
    alarms.fire(1000)
    assert world.items(case).get().stage == "disputed"


def test_e08_hukou_and_residence_differ_and_the_choice_is_kept(world):
    chosen = [
        Person(residence=RONGHUA, hukou=XINXING),
        Person(residence=RONGHUA, hukou=XINXING, street=XINXING),
    ]
    case = world.batch("completed", chosen)
    assert [(item.organisation.key, item.placement) for item in world.items(case)] == [
        (RONGHUA, "RESIDENCE"), (XINXING, "HUKOU"),
    ]  # fmt: skip


# --- E14: part of a roster ---


def test_e14_a_batch_received_in_part_balances_and_goes_on(world):
    case = world.batch("handing_over", people(3, RONGHUA, RONGHUA, XINXING))
    head = world.authority(case, Role.RMO_HEAD)
    assert "已有人员被接收" in refuses(case, "part", by=head)
    perform_all(world.items(case), "receive", by=world.by(Role.STREET_HEAD, RONGHUA))
    case = perform(TransferBatch.objects.get(pk=case.pk), "part", by=head)
    assert case.stage == "partial"
    invariants_hold(case)
    assert world.items(case, "received").count() + world.items(case, "cleared").count() == 3
    world.receive(case)
    assert stage(case) == "completed"


def test_e14_a_batch_of_which_nobody_came_ends_too(world):
    case = world.batch("handing_over", 2)
    for street, rows in world.by_street(case, "cleared"):
        perform_all(rows, "send_back", by=world.by(Role.STREET_HEAD, street), reason_code="absent")
    assert stage(case) == "completed"
    invariants_hold(case)


def test_e14_who_was_left_behind_comes_in_a_new_batch_that_names_the_old_one(world):
    late, absent = Person(residence=RONGHUA), Person(residence=RONGHUA)
    case = world.batch("handing_over", [late, absent, Person(residence=RONGHUA)])
    one, two, three = world.items(case)
    head = world.by(Role.STREET_HEAD, RONGHUA)
    given = {"review_on": today() + dt.timedelta(days=30)}
    perform(one, "defer", by=head, reason_code="hospital", given=given)
    perform(two, "send_back", by=head, reason_code="absent")
    perform(three, "receive", by=head)
    assert stage(case) == "completed"
    again = world.batch("submitted", [late, absent])
    assert [item.previous for item in world.items(again)] == [one, two]
    assert world.bring(again, "completed").stage == "completed"
    invariants_hold()


def test_e14_who_was_deferred_is_received_when_the_cause_is_gone(world):
    case = world.batch("ready", 2)
    reviewer, clerk = world.authority(case, Role.RMO_REVIEWER), world.authority(case, Role.RMO_CLERK)
    given = {"review_on": today() + dt.timedelta(days=30)}
    item = perform(world.items(case).first(), "defer", by=reviewer, reason_code="hospital", given=given)
    perform(TransferBatch.objects.get(pk=case.pk), "hand_over", by=world.authority(case, Role.RMO_HEAD),
            given=appointment())  # fmt: skip
    item = perform(item, "resume", by=clerk, reason="已出院")
    assert item.stage == "cleared"
    world.receive(case)
    assert (stage(case), world.items(case, "received").count()) == ("completed", 2)


# --- E20: the same person twice ---


def test_e20_who_stands_in_an_open_batch_is_not_filed_in_a_second_one(world):
    """The older open item wins; the rest of the second roster is filed."""
    person = Person()
    first, second = (
        world.draft([person]),
        world.draft([Person(number=person.number), Person()], enterprise="ENT-015"),
    )
    world.bring(first, "submitted")
    second = world.bring(second, "submitted")
    assert [item.stage for item in world.items(first)] == ["valid"]
    assert world.items(second, "valid").count() == 1
    assert world.items(second).filter(retiree=world.items(first).get().retiree, open=True).count() == 0
    invariants_hold()


def test_e20_when_the_older_batch_is_withdrawn_the_person_may_be_filed_again(world):
    person = Person()
    case = world.batch("accepted", [person])
    perform(case, "withdraw", by=world.applicant(case, Role.ENT_HEAD), reason="企业重组")
    assert world.batch("completed", [Person(number=person.number)]).stage == "completed"


# --- E22, E29: who does not come ---


def test_e22_who_objects_is_deferred_and_stays_with_the_enterprise(world):
    case = world.batch("allocating", 2)
    given = {"review_on": today() + dt.timedelta(days=60)}
    item = perform(
        world.items(case).first(), "defer", by=world.authority(case, Role.RMO_REVIEWER), reason_code="objects",
        reason="本人愿留在原单位，已说明政策并提供另一街道", given=given,
    )  # fmt: skip
    world.confirm(case)
    case = world.bring(TransferBatch.objects.get(pk=case.pk), "completed")
    manager = ManagementInterval.objects.get(retiree=item.retiree, period__upper_inf=True).manager
    assert (world.items(case, "deferred").get(), manager.key) == (item, "ENT-001")
    invariants_hold(case)


@pytest.mark.parametrize("category", ["veteran", "survivor", "dispatched", "collective"])
def test_e29_who_is_out_of_scope_is_removed_with_the_category(world, category):
    case = world.batch("submitted", 2)
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    item = perform(world.items(case).first(), "remove", by=reviewer, reason_code=category)
    assert (item.stage, item.open) == ("removed", False)
    assert world.bring(case, "completed").stage == "completed"
    invariants_hold(case)


def test_a_batch_without_anybody_left_is_terminated_by_the_head(world):
    case = world.batch("accepted", 1)
    head = world.authority(case, Role.RMO_HEAD)
    assert "没有可以接收的人员" in refuses(case, "terminate", by=head, reason="无人可接收")
    perform(
        world.items(case).get(), "remove", by=world.authority(case, Role.RMO_REVIEWER), reason_code="veteran"
    )
    assert perform(case, "terminate", by=head, reason="无人可接收").stage == "terminated"


def test_what_the_bureau_asks_to_correct_can_be_corrected(world):
    """TB16: the row is put right while the batch is back with the enterprise."""
    known = Person()
    world.batch("completed", [known])
    case = world.batch("submitted", [Person(number=known.number), Person()], enterprise="ENT-015")
    case = perform(case, "correct", by=world.authority(case, Role.RMO_CLERK), reason_code="roster")
    assert case.at.paused
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    perform(world.items(case, "invalid").get(), "remove", by=reviewer, reason_code="managed")
    case = perform(case, "resubmit", by=world.applicant(case, Role.ENT_HEAD))
    assert world.bring(case, "completed").stage == "completed"


def test_who_differs_is_corrected_by_the_enterprise_or_explained_by_the_bureau(world):
    case = world.batch("matching", [Person(remark="原备注"), Person(), Person()])
    one, two, _three = world.items(case)
    clerk = world.authority(case, Role.RMO_CLERK)
    perform(case, "record_answer", by=clerk, given={"answer": answer(case, differing=[one.pk, two.pk])})
    assert [item.stage for item in world.items(case)] == ["mismatch", "mismatch", "placed"]
    assert "每个人都已比对一致或已查明" in refuses(case, "allocate", by=clerk)
    one = perform(world.items(case).get(pk=one.pk), "explain", by=clerk, reason="曾用名，已核对户口簿")
    two = perform(world.items(case).get(pk=two.pk), "correct", by=world.applicant(case, Role.ENT_CLERK),
                  given={"name": "另一姓名", "note": "按身份证更正"})  # fmt: skip
    assert (one.stage, one.note, two.stage, two.retiree.name) == ("valid", "原备注", "valid", "另一姓名")
    perform_all(world.items(case, "valid"), "assign", by=clerk)
    case = perform(TransferBatch.objects.get(pk=case.pk), "allocate", by=clerk)
    assert world.bring(case, "completed").stage == "completed"
