"""The inbox shows an office what waits for it, and lets it decide one or many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.cases import claims
from apps.cases.models import Case, CaseItem, Participant
from apps.organisations import posts
from apps.organisations.choices import Role

MOST_STATEMENTS = 8


def street_of(case):
    """A clerk's user name is not needed: the street with most people of the batch, and its clerk."""
    item = CaseItem.objects.filter(case=case).select_related("organisation").order_by("organisation").first()
    return item.organisation


def clerk_of(organisation, role=Role.STREET_CLERK):
    return organisation.posts.get(role=role).user.username


def shown(response):
    return [(line.case.number, line.stage.name, line.count) for line in response.context["lines"]]


def test_what_waits_for_the_office_is_listed(walked, signed_in):
    case = walked("submitted")
    assert shown(signed_in("city-clerk").get("/")) == [(case.number, "submitted", 1)]


def test_oldest_deadline_first(walked, signed_in):
    late, early = walked("submitted", seed=1), walked("submitted", seed=2)
    Participant.objects.filter(case=early).update(due_at="2020-01-02T00:00:00+08:00")
    assert [number for number, *_ in shown(signed_in("city-clerk").get("/"))] == [early.number, late.number]


def test_people_of_one_stage_are_one_line_with_their_number(walked, signed_in):
    case = walked("allocating", rows=40)
    street = street_of(case)
    mine = CaseItem.objects.filter(case=case, organisation=street, stage="placed").count()
    assert shown(signed_in(clerk_of(street)).get("/")) == [(case.number, "placed", mine)]


def test_an_office_with_no_part_in_it_sees_nothing(walked, signed_in):
    walked("submitted")
    assert shown(signed_in("puning-clerk").get("/?show=all")) == []


def test_as_many_statements_for_three_as_for_one(walked, signed_in):
    browser, counted = signed_in("city-clerk"), []
    for seed in (1, 2, 3):
        walked("submitted", seed=seed)
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(browser.get("/"))) == seed
        counted.append(len(queries))
    assert counted[0] == counted[2] <= MOST_STATEMENTS


@pytest.mark.parametrize(
    "query, found",
    [
        ("stage=transferbatch.submitted", True),
        ("stage=transferbatch.matching", False),
        ("deadline=late", False),
        ("process=transferbatch", True),
        ("q=榕源", True),
        ("q=梅泉", False),
        ("stage=nonsense&deadline=nonsense&page=-3", True),
    ],
)
def test_filters_narrow_the_list_and_nonsense_is_left_out(walked, signed_in, query, found):
    walked("submitted")
    assert bool(shown(signed_in("city-clerk").get(f"/?{query}"))) == found


def test_a_person_is_found_by_name_only_where_the_office_may_see_them(walked, signed_in):
    case = walked("allocating", rows=40)
    street = street_of(case)
    theirs = CaseItem.objects.filter(case=case).exclude(organisation=street).first().retiree.name
    own = CaseItem.objects.filter(case=case, organisation=street).first().retiree.name
    browser = signed_in(clerk_of(street))
    assert [len(shown(browser.get("/", {"q": name}))) for name in (own, theirs)] == [1, 0]


def test_claiming_says_who_is_on_it_and_the_second_is_told(walked, town, client):
    case = walked("submitted")
    other = town.person("city-archivist")
    posts.appoint(other, case.authority, Role.RMO_CLERK, by=None, since=case.opened_on)
    client.force_login(town.person("city-clerk"), backend="django.contrib.auth.backends.ModelBackend")
    client.post("/claim/", {"claim": case.number})
    assert claims.open_task(case).owner.username == "city-clerk"
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/acting/", {"post": other.posts.get(role=Role.RMO_CLERK).pk})
    assert f"{town.person('city-clerk').name}正在办理" in client.get("/").content.decode()
    answer = client.post("/claim/", {"claim": case.number}, follow=True)
    assert "未能签收" in answer.content.decode()
    assert claims.open_task(case).owner.username == "city-clerk"


def test_a_claimed_case_can_be_given_back(walked, signed_in):
    case = walked("submitted")
    browser = signed_in("city-clerk")
    browser.post("/claim/", {"claim": case.number})
    browser.post("/release/", {"claim": case.number})
    assert claims.open_task(case).owner is None


def test_only_whom_it_waits_for_may_claim(walked, signed_in):
    case = walked("submitted")
    answer = signed_in("city-head").post("/claim/", {"claim": case.number})
    assert (answer.status_code, "本件由退管机构经办人办理" in answer.content.decode()) == (403, True)
    assert claims.open_task(case).owner is None


def test_many_cases_are_decided_with_one_decision(walked, signed_in):
    cases = [walked("submitted", seed=seed) for seed in (1, 2)]
    picks = [f"transferbatch@{case.pk}:submitted" for case in cases]
    browser = signed_in("city-clerk")
    sheet = browser.post("/decide/", {"pick": picks})
    assert [str(d.move.title) for d in sheet.context["groups"][0]["decisions"]] == [
        "受理",
        "一次性告知补正",
        "不予受理",
    ]
    browser.post("/decide/", {"pick": picks, "machine": "transferbatch", "move": "accept"})
    assert set(Case.objects.values_list("stage", flat=True)) == {"accepted"}


def test_what_stays_is_named_with_the_reason(walked, signed_in):
    cases = [walked("submitted", seed=seed) for seed in (1, 2)]
    browser = signed_in("city-clerk")
    picks = [f"transferbatch:{case.pk}" for case in cases]
    browser.post(f"/cases/{cases[0].number}/decide/", {"move": "accept"})
    answer = browser.post(
        "/decide/", {"pick": picks, "machine": "transferbatch", "move": "accept"}, follow=True
    )
    (group,) = answer.context["stayed"]
    assert ("当前环节为“已申报”" in group.sentence, group.count, answer.context["moved"]) == (True, 1, 1)
    assert group.rows[0]["note"] == cases[0].number


def test_a_missing_reason_comes_back_beside_its_field(walked, signed_in):
    case = walked("submitted")
    sent = {
        "pick": f"transferbatch:{case.pk}",
        "machine": "transferbatch",
        "move": "correct",
        "reason": "缺件",
    }
    answer = signed_in("city-clerk").post("/decide/", sent)
    assert answer.status_code == 409
    assert "请从列出的理由中选择一项" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).stage == "submitted"


@pytest.mark.parametrize(
    "pick", ["transferbatch:{pk}", "transferbatch@{pk}:submitted", "transferitem@{pk}:valid", "x:1", "'"]
)
def test_forged_picks_of_another_office_find_nothing(walked, signed_in, pick):
    case = walked("submitted")
    sent = {"pick": pick.format(pk=case.pk), "machine": "transferbatch", "move": "accept"}
    answer = signed_in("puning-clerk").post("/decide/", sent)
    assert (answer.status_code, "没有选中任何事项" in answer.content.decode()) == (404, True)
    assert Case.objects.get(pk=case.pk).stage == "submitted"


def test_all_of_a_street_are_confirmed_in_one_act(walked, signed_in):
    case = walked("allocating", rows=40)
    street = street_of(case)
    browser = signed_in(clerk_of(street))
    sent = {
        "all": "yes",
        "matching": f"transferitem@{case.pk}:placed",
        "machine": "transferitem",
        "move": "confirm",
    }
    browser.post("/decide/", sent)
    stages = CaseItem.objects.filter(case=case).values_list("organisation", "stage").distinct()
    assert {stage for office, stage in stages if office == street.pk} == {"confirmed"}
    assert {stage for office, stage in stages if office != street.pk} == {"placed"}


def test_without_a_post_there_is_no_inbox(town, client):
    from apps.organisations.models import User

    client.force_login(
        User.objects.create_user("nobody"), backend="django.contrib.auth.backends.ModelBackend"
    )
    answer = client.get("/")
    assert (answer.status_code, "没有在任岗位" in answer.content.decode()) == (403, True)
