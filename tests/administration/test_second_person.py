"""A change of rights holds when a second person has approved it, and never by the hand of one."""

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import Event
from apps.organisations import posts, second_person
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, Post, User
from apps.organisations.proposal import Proposal
from apps.organisations.refusals import NotChanged


def held(username):
    return [post.role for post in Post.objects.held().filter(user__username=username)]


def test_what_one_proposes_holds_when_another_approves(system, security, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    assert held("newcomer") == []
    assert not User.objects.filter(username="newcomer").exists()
    second_person.approve(proposal, by=security)
    assert held("newcomer") == [Role.STREET_CLERK]
    events = Event.objects.filter(stream="proposal", stream_id=proposal.pk).order_by("seq")
    assert [(event.move, event.person_id) for event in events] == [
        ("propose_change", system.user.pk),
        ("approve_change", security.user.pk),
    ]
    assert {event.given["digest"] for event in events} == {second_person.digest(proposal.changes)}


def test_nobody_approves_his_own_proposal(town, system, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    with pytest.raises(NotChanged, match="安全管理员"):
        second_person.approve(proposal, by=system)
    assert held("newcomer") == []


def test_nobody_approves_his_own_proposal_under_another_hat(system, security, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    hat = security.__class__(system.user, security.post, security.organisation, Role.SEC_ADMIN)
    with pytest.raises(NotChanged, match="另一人"):
        second_person.approve(proposal, by=hat)
    User.objects.filter(pk__in=(system.user.pk, security.user.pk)).update(identity_digest="same")
    twin = security.__class__(
        User.objects.get(pk=security.user.pk), security.post, security.organisation, Role.SEC_ADMIN
    )
    with pytest.raises(NotChanged, match="另一人"):
        second_person.approve(proposal, by=twin)


def test_the_database_refuses_what_its_author_approves(system, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(
            decision="APPROVED", decided_by=system.user, decided_at=proposal.proposed_at
        )


def test_what_was_proposed_is_what_is_approved(system, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(changes=[line("other")])
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        proposal.delete()


def test_nobody_proposes_or_approves_a_right_for_himself(system, security, line):
    with pytest.raises(NotChanged, match="本人"):
        second_person.propose("appoint", [line("sys-admin", role=Role.STREET_HEAD)], by=system)
    for_security = second_person.propose(
        "invite", [{"person": security.user.pk, "reason": "忘记密码"}], by=system
    )
    with pytest.raises(NotChanged, match="本人"):
        second_person.approve(for_security, by=security)


@pytest.mark.parametrize("username", ["city-head", "audit-admin", "sec-admin", "city-clerk"])
def test_only_the_system_administrator_proposes(town, line, username):
    with pytest.raises(NotChanged, match="系统管理员"):
        second_person.propose("appoint", [line()], by=town.acting(username))


def test_an_administrator_holds_no_other_post(town, system, line):
    for username, office, role in (
        ("sec-admin", "445200-RMO", Role.RMO_HEAD),
        ("sec-admin", "PLATFORM", Role.AUDIT_ADMIN),
        ("city-clerk", "PLATFORM", Role.SYS_ADMIN),
    ):
        with pytest.raises(NotChanged, match="不得兼任"):
            second_person.propose("appoint", [line(username, office=office, role=role)], by=system)


def test_nobody_appoints_himself_even_without_the_desk(town):
    head = town.acting("city-head")
    with pytest.raises(posts.NotAppointed, match="自己"):
        posts.appoint(
            head.user, head.organisation, Role.AUDITOR, by=head, since=head.organisation.active_from
        )


def test_what_could_not_be_applied_is_not_even_proposed(town, system, line):
    before = Event.objects.count()
    with pytest.raises(NotChanged, match="不能设在"):
        second_person.propose("appoint", [line(), line("second", role=Role.RMO_HEAD)], by=system)
    assert (Proposal.objects.count(), Event.objects.count()) == (0, before)
    assert not User.objects.filter(username="newcomer").exists()


def test_what_has_become_impossible_is_not_half_applied(system, security, line):
    proposal = second_person.propose("appoint", [line(), line("second")], by=system)
    User.objects.create(username="second", name="先到")
    with pytest.raises(NotChanged, match="second"):
        second_person.approve(proposal, by=security)
    proposal.refresh_from_db()
    assert (proposal.decision, held("newcomer")) == ("", [])


def test_a_proposal_is_decided_once(system, security, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    second_person.refuse(proposal, by=security, reason="编制已满")
    with pytest.raises(NotChanged, match="已退回"):
        second_person.approve(proposal, by=security)
    with pytest.raises(NotChanged, match="已退回"):
        second_person.withdraw(proposal, by=system)


def test_only_its_author_withdraws_a_proposal(town, system, security, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    with pytest.raises(NotChanged, match="本人"):
        second_person.withdraw(proposal, by=security)
    assert second_person.withdraw(proposal, by=system).decision == "WITHDRAWN"


def test_one_matter_waits_once(town, system):
    office = town.office("445202001-RMO")
    change = [{"organisation": office.pk, "name": "榕华事务所", "on": "2026-12-01"}]
    second_person.propose("rename", change, by=system, subject=str(office.pk))
    with pytest.raises(NotChanged, match="已有待批准"):
        second_person.propose("rename", change, by=system, subject=str(office.pk))


def test_five_hundred_posts_are_one_proposal_and_few_statements(
    system, security, line, django_assert_max_num_queries
):
    lines = [line(f"person{number}") for number in range(500)]
    with django_assert_max_num_queries(60):
        second_person.approve(second_person.propose("appoint", lines, by=system), by=security)
    assert Post.objects.held().filter(user__username__startswith="person").count() == 500


# --- through the pages, with forged forms ---


def test_a_forged_form_decides_nothing(as_, system, line):
    proposal = second_person.propose("appoint", [line()], by=system)
    place = f"/administration/proposals/{proposal.pk}/"
    for username, status in (
        ("sys-admin", 302),
        ("audit-admin", 302),
        ("city-head", 404),
        ("ronghua-clerk", 404),
    ):
        assert as_(username).post(place, {"decision": "approve"}).status_code == status
    proposal.refresh_from_db()
    assert (proposal.decision, held("newcomer")) == ("", [])
    assert as_("sec-admin").post(place, {"decision": "no_such"}).status_code == 404
    as_("sec-admin").post(place, {"decision": "approve"})
    assert held("newcomer") == [Role.STREET_CLERK]


def test_a_forged_form_proposes_nothing(town, as_):
    sent = {
        "username": "ronghua-clerk",
        "organisation": "445202001-RMO",
        "role": "STREET_HEAD",
        "since": "2026-01-01",
    }
    for username in ("ronghua-clerk", "sec-admin", "audit-admin", "city-head"):
        assert as_(username).post("/administration/propose/appoint/", sent).status_code == 403
    own = sent | {"username": "sys-admin"}
    assert "本人" in as_("sys-admin").post("/administration/propose/appoint/", own).content.decode()
    for kind in ("document", "enterprise", "nonsense"):
        assert as_("sys-admin").post(f"/administration/propose/{kind}/", sent).status_code == 404
    assert not Proposal.objects.exists()


def test_the_pages_lead_from_proposing_to_approving(town, as_):
    sent = {
        "username": "newcomer",
        "name": "示例新人",
        "organisation": "445202001-RMO",
        "role": "STREET_CLERK",
        "since": "2026-01-01",
    }
    answer = as_("sys-admin").post("/administration/propose/appoint/", sent)
    proposal = Proposal.objects.get()
    assert answer.headers["Location"] == f"/administration/proposals/{proposal.pk}/"
    page = as_("sec-admin").get(answer.headers["Location"])
    [sentence] = page.context["sentences"]
    assert sentence.startswith("示例新人（账号newcomer）自2026-01-01起任榕华街道")
    as_("sec-admin").post(answer.headers["Location"], {"decision": "approve"})
    assert held("newcomer") == [Role.STREET_CLERK]


def test_a_document_enters_the_register_by_two_people(town, as_):
    sent = {"number": "揭人社〔2026〕示例1号", "title": "示例", "issuer": "示例局", "status": "IN_FORCE"}
    assert as_("rongcheng-clerk").post("/policies/enter/", sent).status_code == 403
    as_("city-reviewer").post("/policies/enter/", sent)
    proposal = Proposal.objects.get(kind="document")
    assert as_("city-reviewer").get("/policies/").context["waiting"].get() == proposal
    as_("city-head").post(f"/administration/proposals/{proposal.pk}/", {"decision": "approve"})
    assert "示例1号" in as_("city-clerk").get("/policies/").content.decode()
    assert Organisation.objects.get(pk=proposal.office_id).key == "445200-RMO"
