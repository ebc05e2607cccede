"""Forms with forged contents: nothing moves, nothing is kept, and the answer is one a person can read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.audit.models import Event
from apps.cases.evidence import attach
from apps.cases.models import Case, CaseItem, Evidence, Task
from apps.demo import town
from apps.documents.papers import DeathProof
from apps.organisations.choices import Role
from apps.organisations.models import User
from apps.transfers.models import RosterRow
from tests.worlds import LIUSHADONG, PAPER, RONGHUA, XINXING, Person, people, state_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def as_(world):
    """A browser of its own for each person; what goes wrong inside is answered, not raised."""

    def browser(username, **options):
        client = Client(raise_request_exception=False, **options)
        client.force_login(town.person(username), backend=BACKEND)
        return client

    return browser


@pytest.fixture
def asked(world):
    """A batch whose streets are asked: two people of one, one of another, one of another county."""
    return world.batch("allocating", people(4, RONGHUA, XINXING, RONGHUA, LIUSHADONG))


def pick(item) -> str:
    return f"transferitem:{item.pk}"


def decide(browser, move, *items, **sent):
    return browser.post(
        "/decide/", {"machine": "transferitem", "move": move, "pick": [pick(i) for i in items], **sent}
    )


def of(case, street) -> CaseItem:
    return CaseItem.objects.filter(case=case.pk, organisation__key=street).order_by("pk")[0]


def test_what_opens_a_case_is_not_done_to_a_finished_one(world, as_):
    case = world.batch("completed", 2)
    before = state_of(case)
    sent = {"machine": "transferbatch", "move": "prepare", "pick": f"transferbatch:{case.pk}"}
    assert as_("rongyuan-clerk").post("/decide/", sent).status_code == 404
    assert as_("rongyuan-clerk").post(f"/cases/{case.number}/decide/", {"move": "prepare"}).status_code == 302
    assert state_of(case) == before


def test_people_of_another_street_stay_out_of_a_set_decision(asked, as_):
    mine, others = of(asked, RONGHUA), of(asked, XINXING)
    assert decide(as_("ronghua-clerk"), "confirm", mine, others).status_code == 302
    stages = CaseItem.objects.filter(pk__in=(mine.pk, others.pk)).values_list("organisation__key", "stage")
    assert dict(stages) == {RONGHUA: "confirmed", XINXING: "placed"}


def test_a_set_decision_does_not_name_people_of_another_street(asked, as_):
    others = of(asked, XINXING)
    answer = as_("ronghua-clerk").post("/decide/", {"pick": [pick(others), f"transferitem@{asked.pk}"]})
    assert f"transferitem:{others.pk}" in answer.content.decode()  # as it was sent, no more
    assert sum(group["group"].count for group in answer.context["groups"]) == 2


def test_people_are_nobodys_to_decide_before_their_case_has_come(world, as_):
    case = world.batch("matching", [Person(XINXING)])
    browser, item = as_("xinxing-clerk"), case.items.get()
    assert browser.post("/decide/", {"pick": pick(item)}).context["total"] == 0
    assert browser.get(f"/histories/people/{item.retiree_id}/").status_code == 404


@pytest.mark.parametrize("move", ["pass_rules", "silence", "clear", "no_such_move", "\N{SUPERSCRIPT TWO}"])
def test_what_only_the_system_does_is_not_there(asked, as_, move):
    assert decide(as_("ronghua-clerk"), move, of(asked, RONGHUA)).status_code == 404


def test_a_station_of_another_street_and_a_street_the_person_has_nothing_to_do_with(world, asked, as_):
    item = of(asked, RONGHUA)
    decide(as_("ronghua-clerk"), "confirm", item, station=world.office("445202002-S1").pk)
    decide(as_("city-clerk"), "replace", item, street=world.office(LIUSHADONG).pk, reason="改派一试")
    decide(as_("city-clerk"), "replace", item, street=world.office("ENT-001").pk, reason="改派一试")
    item.refresh_from_db()
    assert (item.stage, item.organisation.key) == ("placed", RONGHUA)


def test_a_paper_comes_only_with_a_decision_one_may_take(world, as_):
    case = world.batch("completed", people(2, RONGHUA))
    kept = Evidence.objects.filter(case=case.pk).count()
    place = f"/cases/{case.number}/decide/"
    for username in ("rongyuan-head", "ronghua-clerk", "city-auditor"):  # too late; not theirs; reads only
        paper = SimpleUploadedFile("x.pdf", PAPER + username.encode())
        assert as_(username).post(place, {"move": "submit", "paper_StatusProof": paper}).status_code in (
            403,
            409,
        )
    paper = SimpleUploadedFile("x.pdf", PAPER + b"forged")
    decide(as_("ronghua-clerk"), "end_by_death", case.items.first(), paper_DeathProof=paper)
    assert Evidence.objects.filter(case=case.pk).count() == kept


def test_a_paper_of_a_kind_nobody_asks_for_or_of_another_type_is_not_kept(asked, as_):
    browser, place = as_("ronghua-clerk"), f"/cases/{asked.number}/papers/"
    kept = Evidence.objects.filter(case=asked.pk).count()
    for kind, content in (
        ("HandoverRecord", PAPER),
        ("DeathProof", b"<html>"),
        ("DeathProof", b""),
        ("", PAPER),
    ):
        browser.post(place, {"kind": kind, "paper": SimpleUploadedFile("x.pdf", content)})
    browser.post(place, {"kind": "DeathProof", "paper": "no file"})
    big = SimpleUploadedFile("x.pdf", PAPER + b"x" * 20 * 1024 * 1024)
    browser.post(place, {"kind": "DeathProof", "paper": big})
    assert Evidence.objects.filter(case=asked.pk).count() == kept


def test_the_name_of_a_paper_about_a_person_is_read_by_those_whose_person_it_is(world, asked, as_):
    attach(asked, DeathProof, PAPER, name="陈示例死亡证明.pdf", by=world.by(Role.STREET_CLERK, RONGHUA))
    read = {
        username: {
            "陈示例死亡证明" in as_(username).get(place).content.decode()
            for place in (f"/cases/{asked.number}/", "/histories/", "/histories/?move=attach")
        }
        for username in (
            "ronghua-clerk",
            "city-auditor",
            "rongyuan-clerk",
            "rongcheng-clerk",
            "xinxing-clerk",
            "puning-clerk",
        )
    }
    assert read == {
        "ronghua-clerk": {True}, "city-auditor": {True}, "rongyuan-clerk": {True}, "rongcheng-clerk": {True},
        "xinxing-clerk": {False}, "puning-clerk": {False},
    }  # fmt: skip


def test_only_faulty_rows_are_left_out(world, as_):
    case = world.draft(2)
    row = RosterRow.objects.get(version__case=case.pk, row_no=1)
    browser, place = as_("rongyuan-clerk"), f"/cases/{case.number}/decide/"
    for rows in ("1", "1,2", "9" * 20, "9" * 5000, "1;2", "\N{ARABIC-INDIC DIGIT ONE}"):
        assert browser.post(place, {"move": "leave_out", "rows": rows}).status_code == 409
    browser.post(f"/desk/{case.number}/roster/leave-out/", {"row": "1", "confirmed": "yes", "version": "1"})
    row.refresh_from_db()
    assert not row.left_out


def test_another_enterprises_batch_is_not_there(world, as_):
    case = world.draft(2)
    browser = as_("chenlu-clerk")
    book = {"roster": SimpleUploadedFile("x.csv", b"a,b")}
    assert [
        browser.post(f"/desk/{case.number}/roster/", book).status_code,
        browser.post(f"/desk/{case.number}/roster/leave-out/", {"all": "yes"}).status_code,
        browser.post(f"/cases/{case.number}/decide/", {"move": "upload"} | book).status_code,
        browser.post("/claim/", {"claim": case.number}).status_code,
    ] == [404] * 4


def test_others_tasks_are_neither_claimed_nor_given_back(world, as_):
    case = world.batch("submitted", 2)
    sent = {"claim": case.number}
    as_("city-clerk").post("/claim/", sent)
    refused = [
        as_(who).post("/claim/", sent).status_code for who in ("city-head", "city-auditor", "puning-clerk")
    ]
    for username in ("city-head", "city-auditor", "rongyuan-clerk"):
        as_(username).post("/release/", sent)
    owner = Task.objects.get(process=case.pk, status="ASSIGNED").owner.username
    assert (refused, owner) == ([403, 403, 404], "city-clerk")


def test_nobody_acts_in_anothers_post(world, as_):
    browser = as_("ronghua-clerk")
    foreign = world.by(Role.RMO_HEAD, "445200-RMO").post.pk
    sent = [browser.post("/acting/", {"post": post}).status_code for post in (foreign, "", "x", "9" * 5000)]
    assert (sent, browser.get("/").wsgi_request.acting.user.username) == ([404] * 4, "ronghua-clerk")


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_form_sends_anybody_elsewhere(world, as_, place):
    browser = as_("ronghua-clerk")
    answers = [
        browser.post(path, {"next": place, "language": "zh-hans"}) for path in ("/large-type/", "/language/")
    ]
    answers.append(
        Client().post("/login/", {"username": "ronghua-clerk", "password": town.PASSWORD, "next": place})
    )
    assert [answer.headers["Location"] for answer in answers] == ["/"] * 3


def test_a_form_without_its_token_is_not_taken(world, as_):
    case = world.batch("submitted", 2)
    browser = as_("city-clerk", enforce_csrf_checks=True)
    places = {
        f"/cases/{case.number}/decide/": {"move": "accept"},
        "/claim/": {"claim": case.number},
        "/logout/": {},
    }
    assert [browser.post(place, sent).status_code for place, sent in places.items()] == [403] * 3
    assert Case.objects.get(pk=case.pk).stage == "submitted"


def test_a_decision_sent_twice_is_made_once(asked, as_):
    browser, item = as_("ronghua-clerk"), of(asked, RONGHUA)
    for _again in range(2):
        decide(browser, "confirm", item)
    assert Event.objects.filter(stream="case", stream_id=asked.pk, move="confirm").count() == 1


ODD_ADDRESSES = (
    "/?page=\N{SUPERSCRIPT TWO}", "/?page=" + "9" * 5000, "/?q=%00", "/?stage=transferitem.bogus&unit=x&deadline=z",
    "/cases/%00/", "/organisations/?q=%00", "/histories/?since=9999-12-31&until=9999-12-31",
    "/histories/?since=0001-01-01",
    "/histories/?page=\N{SUPERSCRIPT TWO}", "/ledger/?page=\N{SUPERSCRIPT TWO}", "/ledger/?unit=\N{SUPERSCRIPT TWO}",
    "/ledger/changes/?since=0001-01-01", "/ledger/people/99999999999999999999/", "/policies/rules/?on=9999-12-31",
    "/histories/people/99999999999999999999/", "/histories/events/99999999999999999999/",
)  # fmt: skip
ODD_FORMS = (
    ("/decide/", {"all": "1"}), ("/decide/", {"pick": "transferitem:" + "9" * 18}), ("/decide/", {"pick": "x@1:\0?"}),
    ("/claim/", {"claim": "\0"}), ("/release/", {}), ("/histories/verify/", {"stream": "case/\N{SUPERSCRIPT TWO}"}),
    ("/histories/verify/", {"stream": "\0/3"}), ("/histories/export/?until=9999-12-31", {"form": "csv"}),
    ("/ledger/export/", {"purpose": "核对\0"}), ("/acting/", {"post": "\0"}),
)  # fmt: skip


def test_no_nonsense_breaks_a_page(world, as_):
    browser = as_("city-clerk")
    answers = [(path, browser.get(path).status_code) for path in ODD_ADDRESSES]
    answers += [(path, browser.post(path, sent).status_code) for path, sent in ODD_FORMS]
    assert [(path, status) for path, status in answers if status >= 500] == []


def test_no_nonsense_beside_a_decision_breaks_it(world, as_):
    case = world.batch("submitted", 2)
    browser, place = as_("city-head"), f"/cases/{case.number}/decide/"
    sent = {"move": "suspend", "review_on": "2999-01-01"}
    odd = [sent | {"reason": "停\0办"}, sent | {"reason": "停办", "seen": "9" * 5000, "review_on": "x"}]
    assert [browser.post(place, one).status_code for one in odd] == [400, 409]
    assert Case.objects.get(pk=case.pk).suspended_at is None


# --- who only reads ---


def test_an_auditor_changes_nothing_with_any_decision_there_is(asked, as_):
    browser, before = as_("city-auditor"), state_of(asked)
    models = {CaseItem: asked.items.all(), Case: Case.objects.filter(pk=asked.pk)}
    for rows in models.values():
        for row in rows:
            machine = row.machine
            for move in machine.moves:
                name = machine._meta.model_name
                sent = {"machine": name, "move": move, "pick": f"{name}:{row.pk}", "reason": "试一试"}
                assert browser.post("/decide/", sent).status_code in (302, 404, 409)
    assert state_of(asked) == before
    assert not Event.objects.filter(person_id=town.person("city-auditor").pk).exclude(stream="actor").exists()


def test_whatever_an_auditor_reads_is_recorded(asked, as_):
    reader = town.person("city-auditor")
    event = Event.objects.filter(stream="case", stream_id=asked.pk).first()
    paper = Evidence.objects.filter(case=asked.pk).first()
    retiree = of(asked, RONGHUA).retiree_id
    places = (
        f"/cases/{asked.number}/", f"/cases/{asked.number}/papers/{paper.pk}/", "/ledger/", "/ledger/changes/",
        "/histories/", "/histories/?kind=readings", f"/histories/events/{event.pk}/", f"/histories/people/{retiree}/",
        "/?q=陈", "/?deadline=late",
    )  # fmt: skip
    browser, recorded = as_("city-auditor"), []
    for place in places:
        before = Event.objects.filter(stream="actor", stream_id=reader.pk).count()
        browser.get(place)
        recorded.append(Event.objects.filter(stream="actor", stream_id=reader.pk).count() - before)
    assert recorded == [1] * len(places)


def test_who_holds_no_post_reads_no_case_and_approves_no_rule(world, asked):
    stranger = User.objects.create(username="stranger", name="无岗")
    browser = Client()
    browser.force_login(stranger, backend=BACKEND)
    places = ("/", f"/cases/{asked.number}/", "/histories/", "/ledger/", "/desk/", "/policies/rules/propose/")
    assert [browser.get(place).status_code for place in places] == [403] * len(places)
    browser.post("/policies/rules/1/approve/")
    assert not Event.objects.filter(person_id=stranger.pk).exists()
