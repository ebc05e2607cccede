"""What the door refuses, and how it says so."""

import datetime as dt

import pytest

from apps.audit.models import Event
from apps.audit.streams import now
from apps.cases.models import Case
from apps.clocks import alarms
from apps.documents.papers import DeathProof, StatusProof
from apps.engine.door import Refused, begin, perform, perform_all
from apps.organisations import posts
from apps.organisations.acting import Acting
from apps.organisations.choices import Role
from apps.organisations.models import Post, User
from apps.retirees import vault
from tests.worlds import CITY, LIUSHADONG, RONGHUA, XINXING, Person, appointment, citizen_number, today
from workflows.models import TransferBatch


def refused(row, name, **terms) -> Refused:
    """The refusal of a move that must be refused, having changed nothing."""
    before = Event.objects.count()
    with pytest.raises(Refused) as caught:
        perform(type(row).objects.get(pk=row.pk), name, **terms)
    assert Event.objects.count() == before
    return caught.value


def first(world, case):
    return world.items(case).first()


# --- reasons ---


@pytest.mark.parametrize("reason", ["", "。", ".", "  ", "……", "好"])
def test_a_full_stop_is_no_reason(world, reason):
    case = world.batch("list_fixed", 1)
    refusal = refused(case, "reopen", by=world.authority(case, Role.RMO_REVIEWER), reason=reason)
    assert str(refusal) == "请写明理由，至少两个字"
    assert set(refusal.fields) == {"reason"}


@pytest.mark.parametrize("code", ["", "nonsense", "elsewhere "])
def test_a_reason_outside_the_closed_list_is_refused(world, code):
    case = world.batch("allocating", 1)
    street = world.by(Role.STREET_CLERK, first(world, case).organisation_id)
    refusal = refused(first(world, case), "dispute", by=street, reason_code=code, reason="没有能力接收")
    assert set(refusal.fields) == {"reason_code"}


def test_the_reason_given_is_kept_with_the_act(world):
    case = world.batch("allocating", 1)
    street = world.by(Role.STREET_CLERK, first(world, case).organisation_id)
    perform(first(world, case), "dispute", by=street, reason_code="unknown", reason="邻居不认识")
    event = Event.objects.get(stream="case", stream_id=case.pk, move="dispute")
    assert (event.reason_code, event.reason) == ("unknown", "邻居不认识")


# --- what a move is given ---


def test_the_three_who_sign_are_three_people(world):
    case = world.batch("ready", 1)
    given = appointment() | {"witnessed_by": "谢楚霖"}
    refusal = refused(case, "hand_over", by=world.authority(case, Role.RMO_HEAD), given=given)
    assert "移交人、接收人、监交人须是三个不同的人" in str(refusal)


def test_nobody_died_tomorrow(world):
    case = world.batch("allocating", 1)
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    world.attach(case, DeathProof, by=reviewer)
    given = {"died_on": today() + dt.timedelta(days=1), "reported_by": "家属"}
    assert set(refused(first(world, case), "end_by_death", by=reviewer, given=given).fields) == {"died_on"}


def test_an_office_that_is_no_street_cannot_be_chosen(world):
    case = world.batch("allocating", 1)
    clerk = world.authority(case, Role.RMO_CLERK)
    for street in (world.office("ENT-001").pk, 999_999_999, "x"):
        refusal = refused(
            first(world, case), "replace", by=clerk, reason="本人要求", given={"street": street}
        )
        assert set(refusal.fields) == {"street"}


# --- papers ---


def test_filing_takes_the_proof_of_status(world):
    case = world.draft(1)
    head = world.applicant(case, Role.ENT_HEAD)
    assert "已附“单位状态证明”" in str(refused(case, "submit", by=head))
    world.attach(case, StatusProof, by=head)
    perform(case, "submit", by=head)
    assert case.stage == "submitted"


def test_the_event_names_the_digests_of_the_papers_it_rests_on(world):
    case = world.draft(1)
    head = world.applicant(case, Role.ENT_HEAD)
    paper = world.attach(case, StatusProof, by=head)
    perform(case, "submit", by=head)
    event = Event.objects.get(stream="case", stream_id=case.pk, move="submit")
    assert [fact["digest"] for fact in event.evidence] == [paper.digest]


def test_the_proof_of_one_death_does_not_prove_another(world):
    case = world.batch("allocating")
    one, other = world.items(case)
    world.report_death(one)
    given = {"died_on": today(), "reported_by": "街道"}
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    assert "已附“死亡证明”" in str(refused(other, "end_by_death", by=reviewer, given=given))


# --- who acts ---


def test_nobody_is_not_the_system(world):
    """Only what the machine gives to the system is made without a person."""
    case = world.batch("accepted", 1)
    assert "由退管机构经办人办理" in str(refused(case, "query", by=None))
    assert "由退管机构经办人办理" in str(refused(world.batch("submitted", 1), "accept", by=None))


def test_nobody_makes_the_moves_of_the_system(world):
    case = world.batch("list_fixed", 1)
    for name in ("agree", "withdraw"):
        refused(case, name, by=world.authority(case, Role.RMO_HEAD), reason="提前生效")


def test_a_refusal_says_who_could_act(world):
    case = world.batch("submitted", 1)
    refusal = refused(case, "accept", by=world.applicant(case, Role.ENT_HEAD))
    assert (str(refusal), refusal.who) == ("由退管机构经办人办理", "退管机构经办人")


def test_a_forged_post_opens_nothing(world):
    """The role, the office and the post that somebody claims must be one post, and theirs."""
    case = world.batch("submitted", 1)
    clerk, other = world.authority(case, Role.RMO_CLERK), world.by(Role.ENT_CLERK, "ENT-015")
    for forged in (
        Acting(other.user, other.post, clerk.organisation, clerk.role),
        Acting(other.user, clerk.post, clerk.organisation, clerk.role),
        Acting(clerk.user, other.post, clerk.organisation, clerk.role),
        Acting(clerk.user, clerk.post, clerk.organisation, Role.RMO_HEAD),
    ):
        refused(case, "accept", by=forged)


def test_a_post_that_has_ended_opens_nothing(world):
    case = world.batch("submitted", 1)
    clerk = world.authority(case, Role.RMO_CLERK)
    posts.end(Post.objects.get(pk=clerk.post.pk), by=world.by(Role.RMO_HEAD, CITY), on=today())
    refused(case, "accept", by=clerk)


def test_somebody_who_may_no_longer_sign_in_decides_nothing(world):
    case = world.batch("submitted", 1)
    clerk = world.authority(case, Role.RMO_CLERK)
    User.objects.filter(pk=clerk.user.pk).update(is_active=False)
    refused(case, "accept", by=clerk)


def also(world, by: Acting, role: str, office) -> Acting:
    """The same person in one more post."""
    return Acting.of(posts.appoint(by.user, office, role, by=None, since=dt.date(2020, 1, 1)))


def test_the_maker_of_the_roster_does_not_sign_it(world):
    case = world.draft(1)
    clerk = world.applicant(case, Role.ENT_CLERK)
    world.attach(case, StatusProof, by=clerk)
    refusal = refused(case, "submit", by=also(world, clerk, Role.ENT_HEAD, clerk.organisation))
    assert "与办理“填报名册”的人不是同一人" in str(refusal)


def test_who_accepts_does_not_fix_the_list(world):
    case = world.batch("allocating", 1)
    world.confirm(case)
    clerk = world.authority(case, Role.RMO_CLERK)
    refusal = refused(case, "fix", by=also(world, clerk, Role.RMO_REVIEWER, clerk.organisation))
    assert "与办理“受理”的人不是同一人" in str(refusal)


def test_who_fixed_the_list_does_not_lead_the_handover(world):
    case = world.batch("ready", 1)
    reviewer = world.authority(case, Role.RMO_REVIEWER)
    both = also(world, reviewer, Role.RMO_HEAD, reviewer.organisation)
    assert "确认名册" in str(refused(case, "hand_over", by=both, given=appointment()))


def test_nobody_wears_two_hats_in_one_case(world):
    """Two roles of one person make no two steps, even where no separation is written out."""
    case = world.batch("allocating", [Person(), Person()])
    one, other = world.items(case)
    street = world.by(Role.STREET_CLERK, RONGHUA)
    perform(one, "dispute", by=street, reason_code="elsewhere")
    county = also(world, street, Role.RMO_REVIEWER, world.office("445202-RMO"))
    refusal = refused(one, "settle", by=county, reason="已入户核实")
    assert "同一人未以另一身份办理过本件" in str(refusal)
    perform(one, "settle", by=world.by(Role.RMO_REVIEWER, "445202-RMO"), reason="已入户核实")
    perform(other, "confirm", by=street)


def test_nobody_decides_in_a_matter_of_their_own(world):
    person = Person(number=citizen_number())
    case = world.batch("allocating", [person, Person()])
    street = world.by(Role.STREET_CLERK, RONGHUA)
    User.objects.filter(pk=street.user.pk).update(identity_digest=vault.digest(person.number))
    self_aware = Acting.of(Post.objects.select_related("user", "organisation").get(pk=street.post.pk))
    own, other = world.items(case)
    assert "本人不得办理与自己有关的事项" in str(refused(own, "confirm", by=self_aware))
    perform(other, "confirm", by=self_aware)


# --- when ---


def suspend(world, case):
    given = {"review_on": today() + dt.timedelta(days=30)}
    return perform(
        case, "suspend", by=world.authority(case, Role.RMO_HEAD), reason="法院正在审理", given=given
    )


def resume(world, case):
    return perform(case, "resume", by=world.authority(case, Role.RMO_HEAD), reason="法院已结案")


def test_a_suspended_case_stands_still(world):
    case = suspend(world, world.batch("allocating"))
    street = world.by(Role.STREET_CLERK, RONGHUA)
    for item in world.items(case).filter(organisation=street.organisation):
        assert "案件未被中止" in str(refused(item, "confirm", by=street))
    assert "案件未被中止" in str(
        refused(case, "withdraw", by=world.applicant(case, Role.ENT_HEAD), reason="不再移交")
    )
    case = resume(world, case)
    world.confirm(case)
    assert set(world.items(case).values_list("stage", flat=True)) == {"confirmed"}


def test_a_suspended_case_does_not_lapse(world):
    case = world.batch("submitted", 1)
    case = perform(case, "correct", by=world.authority(case, Role.RMO_CLERK), reason_code="papers")
    suspend(world, case)
    Case.objects.filter(pk=case.pk).update(due_at=now() - dt.timedelta(days=1))
    alarms.fire(1000)
    assert TransferBatch.objects.get(pk=case.pk).stage == "correction"


def test_an_overdue_correction_lapses_by_itself(world):
    case = world.batch("submitted", 1)
    perform(case, "correct", by=world.authority(case, Role.RMO_CLERK), reason_code="papers")
    assert alarms.fire(1000) == 0
    Case.objects.filter(pk=case.pk).update(due_at=now() - dt.timedelta(seconds=1))
    assert alarms.fire(1000) == 1
    event = Event.objects.get(stream="case", stream_id=case.pk, move="lapse")
    assert (event.person_id, event.target) == (None, "withdrawn")


def test_a_page_that_is_out_of_date_says_who_has_moved_on(world):
    case = world.batch("submitted", 1)
    page = TransferBatch.objects.get(pk=case.pk)
    clerk = world.authority(case, Role.RMO_CLERK)
    perform(case, "accept", by=clerk)
    refusal = refused(case, "query", by=clerk, seen=page.row_seq)
    assert clerk.user.name in str(refusal)
    assert "办理“受理”" in str(refusal)


def test_the_second_click_is_told_that_it_is_done(world):
    case = world.batch("submitted", 1)
    page = TransferBatch.objects.get(pk=case.pk)
    clerk = world.authority(case, Role.RMO_CLERK)
    perform(case, "accept", by=clerk)
    with pytest.raises(Refused) as again:
        perform(page, "accept", by=clerk)
    assert clerk.user.name in str(again.value)
    assert Event.objects.filter(stream="case", stream_id=case.pk, move="accept").count() == 1


def test_a_move_that_does_not_leave_from_here_is_refused(world):
    case = world.batch("submitted", 1)
    refusal = refused(case, "allocate", by=world.authority(case, Role.RMO_CLERK))
    assert "当前环节为“社保比对中”" in str(refusal)


# --- what a face may ask ---


def test_the_row_says_what_the_door_would_say(world):
    """Yes or no, why not, and who could: for the clerk whose turn it is, and for somebody else."""
    case = world.batch("submitted", 1)
    mine = {option.move.name: option for option in case.moves_for(world.authority(case, Role.RMO_CLERK))}
    theirs = {option.move.name: option for option in case.moves_for(world.applicant(case, Role.ENT_CLERK))}
    assert {name for name, option in mine.items() if option.allowed} == {"accept", "correct", "refuse"}
    assert not any(option.allowed for option in theirs.values())
    assert (theirs["accept"].unmet, theirs["accept"].who) == (("由退管机构经办人办理",), "退管机构经办人")


def test_a_move_that_depends_on_what_is_chosen_is_shown_as_possible(world):
    case = world.batch("allocating", [Person(hukou=XINXING)])
    options = {o.move.name: o for o in first(world, case).moves_for(world.authority(case, Role.RMO_CLERK))}
    assert options["replace"].allowed, options["replace"].unmet


# --- opening ---


def test_only_an_enterprise_opens_a_batch(world):
    for role, office in ((Role.RMO_CLERK, CITY), (Role.STREET_CLERK, LIUSHADONG), (Role.ENT_HEAD, "ENT-001")):
        before = Case.objects.count()
        with pytest.raises(Refused):
            begin(TransferBatch, "prepare", by=world.by(role, office))
        assert Case.objects.count() == before


def test_a_set_of_nothing_moves_nothing(world):
    case = world.batch("allocating", 1)
    outcome = perform_all(world.items(case, "cleared"), "confirm", by=world.by(Role.STREET_CLERK, RONGHUA))
    assert (outcome.moved, outcome.stayed) == (0, {})
