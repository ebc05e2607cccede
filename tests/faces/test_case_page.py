"""The case page says what may be decided by whom, and hands a decision to the door."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.audit.models import Event
from apps.cases.models import Case, Evidence
from apps.transfers.models import RosterVersion

PDF = b"%PDF-1.4\n%%EOF\n"


def decide(browser, case, move, **sent):
    return browser.post(f"/cases/{case.number}/decide/", {"move": move, **sent})


def test_whoever_has_no_part_in_it_is_told_nothing(walked, signed_in):
    case = walked("submitted")
    browser = signed_in("puning-clerk")
    assert browser.get(f"/cases/{case.number}/").status_code == 404
    assert decide(browser, case, "accept").status_code == 404
    assert browser.get("/cases/YJ2026-999999-X/").status_code == 404


def test_a_stranger_is_sent_to_sign_in(walked, client):
    case = walked("submitted")
    assert client.get(f"/cases/{case.number}/").headers["Location"] == f"/login/?next=/cases/{case.number}/"


def test_the_page_offers_what_this_post_may_decide(walked, signed_in):
    case = walked("submitted")
    page = signed_in("city-clerk").get(f"/cases/{case.number}/").context
    assert [decision.move.name for decision in page["decisions"]] == ["accept", "correct", "refuse"]
    assert ("withdraw", str(case.applicant)) in [(option.move.name, body) for option, body in page["others"]]


def test_the_same_role_at_another_body_is_told_which_body_decides(walked, signed_in):
    case = walked("submitted", enterprise="ENT-007")
    assert case.authority.key != "445200-RMO"
    page = signed_in("city-clerk").get(f"/cases/{case.number}/").context
    assert page["unmet"] == []
    assert ("accept", str(case.authority)) in [(option.move.name, body) for option, body in page["others"]]


def test_what_is_unmet_is_said_in_the_words_of_the_policy(walked, signed_in):
    case = walked("allocating")
    page = signed_in("city-reviewer").get(f"/cases/{case.number}/")
    assert "没有待核实、有异议或待裁定的人员" in page.content.decode()


def test_the_step_bar_shows_the_way_and_where_the_case_stands(walked, signed_in):
    case = walked("matching")
    steps = signed_in("city-clerk").get(f"/cases/{case.number}/").context["steps"]
    assert [step.state for step in steps][:5] == ["done", "done", "done", "now", ""]
    assert str(steps[-1].title) == "已移交"


def test_deciding_moves_the_case_and_comes_back(walked, signed_in):
    case = walked("submitted")
    answer = decide(signed_in("city-clerk"), case, "accept")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{case.number}/")
    assert Case.objects.get(pk=case.pk).stage == "accepted"


def test_a_second_click_is_told_who_decided_and_when(walked, signed_in, town):
    case = walked("submitted")
    browser, seen = signed_in("city-clerk"), Case.objects.get(pk=case.pk).row_seq
    decide(browser, case, "accept", seen=seen)
    answer = decide(browser, case, "accept", seen=seen)
    said = answer.content.decode()
    assert (answer.status_code, "本页已过时" in said, town.person("city-clerk").name in said) == (
        409,
        True,
        True,
    )
    assert Event.objects.filter(stream="case", stream_id=case.pk, move="accept").count() == 1


def test_another_role_of_the_office_is_told_who_could(walked, signed_in):
    case = walked("submitted")
    answer = decide(signed_in("city-head"), case, "accept")
    assert (answer.status_code, "可由退管机构经办人办理" in answer.content.decode()) == (403, True)


def test_a_full_stop_is_no_reason(walked, signed_in):
    case = walked("submitted")
    answer = decide(signed_in("rongyuan-head"), case, "withdraw", reason="。")
    assert (answer.status_code, "请写明理由" in answer.content.decode()) == (409, True)


def test_a_move_that_does_not_exist_is_answered_kindly(walked, signed_in):
    case = walked("submitted")
    answer = signed_in("city-clerk").post(f"/cases/{case.number}/decide/", {"move": "__class__"}, follow=True)
    assert "没有这一项办理" in answer.content.decode()


def test_a_paper_may_come_with_the_decision_that_takes_it(walked, signed_in):
    case = walked("draft")
    browser = signed_in("rongyuan-head")
    page = browser.get(f"/cases/{case.number}/").context
    (submit,) = [decision for decision in page["decisions"] if decision.move.name == "submit"]
    assert "paper_StatusProof" in submit.form.fields
    decide(browser, case, "submit", paper_StatusProof=SimpleUploadedFile("证明.pdf", PDF))
    assert Case.objects.get(pk=case.pk).stage == "submitted"


def test_a_refused_decision_leaves_no_paper_behind_and_says_so(walked, signed_in):
    """A reporter is missing: the proof that came along is not kept, on the case's page and in the inbox alike."""
    case = walked("allocating")
    item = case.items.first()
    sent = {"machine": "transferitem", "move": "end_by_death", "pick": f"transferitem:{item.pk}"}
    proof = SimpleUploadedFile("证明.pdf", PDF)
    before = Evidence.objects.count()
    answer = signed_in("city-reviewer").post("/decide/", sent | {"paper_DeathProof": proof})
    assert (answer.status_code, Evidence.objects.count()) == (409, before)
    assert "随附的文件没有保存" in answer.content.decode()
    draft = walked("draft", enterprise="ENT-005")
    RosterVersion.objects.filter(case=draft.pk).update(blocked=True)
    head = signed_in(draft.applicant.posts.get(role="ENT_HEAD").user.username)
    answer = decide(head, draft, "submit", paper_StatusProof=SimpleUploadedFile("证明.pdf", PDF))
    assert (answer.status_code, Evidence.objects.filter(case=draft.pk).count()) == (409, 0)
    assert "随附的文件没有保存" in answer.content.decode()


def test_only_papers_are_taken_whatever_they_are_called(walked, signed_in):
    case = walked("draft")
    sent = {"kind": "StatusProof", "paper": SimpleUploadedFile("证明.pdf", b"MZ not a paper")}
    answer = signed_in("rongyuan-head").post(f"/cases/{case.number}/papers/", sent, follow=True)
    assert ("只能上传PDF" in answer.content.decode(), Evidence.objects.count()) == (True, 0)


def test_reading_a_paper_is_recorded_and_outsiders_cannot(walked, signed_in, town):
    case = walked("submitted")
    place = f"/cases/{case.number}/papers/{Evidence.objects.get().pk}/"
    assert signed_in("puning-clerk").get(place).status_code == 404
    assert signed_in("city-clerk").get(place).content.startswith(b"%PDF")
    reader = town.person("city-clerk")
    assert Event.objects.filter(stream="actor", stream_id=reader.pk, move="read_evidence").count() == 1


def test_a_street_sees_only_its_own_people(walked, signed_in):
    case = walked("allocating", rows=40)
    item = case.items.select_related("organisation").first()
    browser = signed_in(item.organisation.posts.get(role="STREET_CLERK").user.username)
    (people,) = browser.get(f"/cases/{case.number}/").context["worklists"]
    assert people.total == case.items.filter(organisation=item.organisation).count() < 40


def test_people_are_found_by_name_within_the_case(walked, signed_in):
    case = walked("allocating", rows=40)
    name = case.items.first().retiree.name
    page = signed_in("city-clerk").get(f"/cases/{case.number}/", {"transferitem-q": name})
    assert {line.person.name for line in page.context["worklists"][0].rows} == {name}


def test_history_is_told_in_words(walked, signed_in, town):
    case = walked("submitted")
    page = signed_in("city-clerk").get(f"/cases/{case.number}/").content.decode()
    assert all(
        words in page for words in ("填报名册", "由“草拟”进入“已申报”", town.person("rongyuan-head").name)
    )


@pytest.mark.parametrize("path", ["/", "/cases/{number}/"])
def test_pages_carry_no_script_or_style_of_their_own(walked, signed_in, path):
    case = walked("submitted")
    page = signed_in("city-clerk").get(path.format(number=case.number)).content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count("<script src=")


def test_whoever_takes_the_decision_may_fetch_its_sheet_and_the_reading_is_recorded(walked, signed_in, town):
    case = walked("matching")
    place = f"/cases/{case.number}/sheets/record_answer/"
    assert signed_in("city-head").get(place).status_code == 403
    answer = signed_in("city-clerk").get(place)
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    reader = town.person("city-clerk")
    assert Event.objects.filter(stream="actor", stream_id=reader.pk, move="reveal").exists()


def test_a_street_does_not_read_what_others_did_with_their_people(walked, signed_in):
    case = walked("list_fixed", rows=40)
    street = case.items.filter(stage="confirmed").first().organisation
    browser = signed_in(street.posts.get(role="STREET_CLERK").user.username)
    page = browser.get(f"/cases/{case.number}/").context
    told = [event for event in [*page["newest"], *page["older"]] if event.move == "confirm"]
    assert {event.organisation_id for event in told} == {street.pk}


def test_an_auditor_reads_and_adds_nothing(walked, signed_in):
    case = walked("submitted")
    browser = signed_in("city-auditor")
    assert browser.get(f"/cases/{case.number}/").context["upload"] is None
    sent = {"kind": "StatusProof", "paper": SimpleUploadedFile("x.pdf", PDF)}
    assert browser.post(f"/cases/{case.number}/papers/", sent).status_code == 403
    assert decide(browser, case, "accept").status_code == 403


def test_an_auditor_comes_to_all_cases_of_the_area(walked, signed_in):
    walked("allocating")
    assert [line.pick for line in signed_in("city-auditor").get("/").context["lines"]] == [""]


def test_a_proof_about_a_person_is_read_by_those_whose_person_it_is(walked, signed_in, town):
    case = walked("allocating", rows=40)
    first, second = list(case.items.order_by("organisation").distinct("organisation")[:2])
    clerk, other = (
        item.organisation.posts.get(role="STREET_CLERK").user.username for item in (first, second)
    )
    sent = {"kind": "DeathProof", "paper": SimpleUploadedFile("证明.pdf", PDF)}
    signed_in(clerk).post(f"/cases/{case.number}/papers/", sent)
    place = f"/cases/{case.number}/papers/{Evidence.objects.get(kind='DeathProof').pk}/"
    assert [signed_in(who).get(place).status_code for who in (clerk, other, "city-reviewer")] == [
        200,
        404,
        200,
    ]
