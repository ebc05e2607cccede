"""The pages of the processes: for everybody, in both languages, with today's rules."""

import re

import pytest

from apps.audit.streams import now
from apps.engine import registry
from apps.policies import rules
from tests.faces.test_story import DESK, PHONE, browser, visit  # noqa: F401 - fixtures

PAGE = "/policies/processes/transferbatch/"


@pytest.mark.parametrize("username", ["ronghua-clerk", "rongyuan-clerk", "city-auditor"])
def test_everybody_reads_the_process_as_it_is_carried_out(town, signed_in, username):
    reader = signed_in(username)
    assert PAGE in reader.get("/policies/processes/").content.decode()
    page = reader.get(PAGE).content.decode()
    machines = [registry.machine("transferbatch"), registry.machine("transferitem")]
    titles = [str(stage.title) for one in machines for stage in one.stages.values()]
    assert [title for title in titles if page.count(f">{title}<") < 2] == []  # drawn and told
    days = rules.value("transfer.acceptance", now()).value
    assert f"{days} 个工作日（移交申请受理时限" in page


def test_the_page_is_complete_in_english(town, signed_in):
    reader = signed_in("city-auditor")
    reader.post("/language/", {"language": "en", "next": "/"})
    page = reader.get(PAGE).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    for clause in {move.basis for model in registry.machines() for move in model.moves.values()} - {""}:
        main = main.replace(f"</span> {clause}<", "")  # clauses are cited as the plan numbers them
    assert re.findall("[\u4e00-\u9fff]+", main) == []


def test_its_drawing_can_be_taken_away(town, signed_in):
    answer = signed_in("ronghua-clerk").get("/policies/processes/transferbatch.bpmn")
    assert answer.content.startswith(b"<bpmn:definitions")


def test_a_process_that_is_not_there_is_not_found(town, signed_in):
    assert signed_in("ronghua-clerk").get("/policies/processes/nothing/").status_code == 404


def test_pages_ask_the_same_few_questions_however_many_stages_there_are(
    town, signed_in, django_assert_num_queries
):
    reader = signed_in("ronghua-clerk")
    reader.get(PAGE)
    with django_assert_num_queries(6):
        reader.get(PAGE)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("window", [DESK, PHONE])
def test_the_drawing_is_sound_to_axe_and_fits_its_window(town, visit, window):  # noqa: F811
    reader = visit("ronghua-clerk", **window).go(PAGE)
    assert (reader.faults(), reader.overflows(), reader.complaints) == ([], 0, [])
