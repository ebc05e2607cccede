"""An enterprise asks to be registered; the body with which it files confirms, by two people."""

import pytest
from django.core.cache import cache
from django.test import Client

from apps.administration import enterprises
from apps.organisations.models import Enterprise, Organisation, Post
from apps.organisations.proposal import Proposal

ASKED = {
    "name": "示例玩具厂", "short_name": "玩具厂", "uscc": "91445200WWDEM0163B", "org_code": "", "affiliation": "CITY",
    "si_agency": "", "liaison_name": "示例联系人", "liaison_phone": "0663-0000099", "clerk": "示例经办",
    "head": "示例负责",
}  # fmt: skip
PLACE = "/administration/register/"
CODES = ("91445200WWDEM0163B", "91445200WWDEM0164E")


@pytest.fixture
def asked(town):
    cache.clear()  # how many requests came from here
    return ASKED | {"authority": town.office("445200-RMO").pk}


def test_what_an_enterprise_asks_its_authority_confirms(town, as_, asked):
    assert Client().post(PLACE, asked).status_code == 200
    proposal = Proposal.objects.get()
    assert (proposal.author, proposal.office.key) == (None, "445200-RMO")
    place = f"/administration/proposals/{proposal.pk}/"
    for username, status in (("city-clerk", 302), ("rongcheng-reviewer", 404), ("sec-admin", 404)):
        assert as_(username).post(place, {"decision": "approve"}).status_code == status
    assert not Enterprise.objects.filter(uscc=ASKED["uscc"]).exists()
    as_("city-reviewer").post(place, {"decision": "approve"})
    enterprise = Enterprise.objects.get(uscc=ASKED["uscc"])
    posts = Post.objects.held().filter(organisation=enterprise.organisation).order_by("pk")
    assert [(post.user.name, post.role) for post in posts] == [
        ("示例经办", "ENT_CLERK"),
        ("示例负责", "ENT_HEAD"),
    ]


def test_its_accounts_are_handed_over_by_clerk_and_reviewer(town, as_, asked):
    Client().post(PLACE, asked)
    as_("city-reviewer").post(
        f"/administration/proposals/{Proposal.objects.get().pk}/", {"decision": "approve"}
    )
    person = Post.objects.filter(user__name="示例经办").get().user
    place = f"/administration/people/{person.pk}/hand-over/"
    assert as_("city-clerk").post(place).context["part"] == "link"
    assert as_("city-reviewer").post(place).context["part"] == "code"
    for username in ("rongcheng-clerk", "rongcheng-reviewer", "city-head"):
        assert as_(username).post(place).status_code == 404


def test_the_clerk_enters_an_enterprise_and_does_not_confirm_it(town, as_, asked):
    answer = as_("city-clerk").post("/administration/enterprises/enter/", asked)
    assert answer.status_code == 302
    as_("city-clerk").post(answer.headers["Location"], {"decision": "approve"})
    assert not Organisation.objects.filter(name=ASKED["name"]).exists()
    as_("city-reviewer").post(answer.headers["Location"], {"decision": "approve"})
    assert Organisation.objects.filter(name=ASKED["name"]).exists()


def test_a_clerk_enters_for_his_own_office_only(town, as_, asked):
    answer = as_("rongcheng-clerk").post("/administration/enterprises/enter/", asked)
    assert "authority" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("field", "value"), [("uscc", "91445200WWDEM01630"), ("head", "示例经办"), ("liaison_phone", "")]
)
def test_a_faulty_request_is_refused_at_its_field(asked, field, value):
    answer = Client().post(PLACE, asked | {field: value})
    assert list(answer.context["form"].errors) == [field]


def test_a_known_enterprise_and_a_second_request_are_refused(town, asked):
    known = Enterprise.objects.exclude(uscc="").first().uscc
    assert Client().post(PLACE, asked | {"uscc": known}).context["form"].non_field_errors()
    Client().post(PLACE, asked)
    assert Client().post(PLACE, asked).context["form"].non_field_errors()
    assert Proposal.objects.count() == 1


def test_one_address_does_not_use_up_what_all_may_ask(asked, settings, monkeypatch):
    monkeypatch.setattr(enterprises, "MOST_FROM_ONE", 1)
    settings.BEHIND_PROXY = True

    def ask(uscc, sender):
        sent = asked | {"uscc": uscc, "name": f"示例厂{uscc[-3:]}", "clerk": f"示例经{uscc[-1]}"}
        return Client().post(PLACE, sent, headers={"X-Forwarded-For": f"198.51.100.9, {sender}"})

    assert "已提交" in ask(CODES[0], "203.0.113.1").text
    assert "本网络地址一小时内提交的登记申请过多" in ask(CODES[1], "203.0.113.1").text
    assert "已提交" in ask(CODES[1], "203.0.113.2").text
    assert Proposal.objects.count() == 2


def test_liaison_data_is_kept_by_the_authority(town, as_):
    body = town.office("ENT-001")
    place = f"/administration/enterprises/{body.pk}/"
    sent = {"liaison_name": "示例新联系人", "liaison_phone": "0663-0000098"}
    assert as_("rongcheng-clerk").post(place, sent).status_code == 404
    as_("city-clerk").post(place, sent)
    assert Enterprise.objects.get(organisation=body).liaison_phone == "0663-0000098"
