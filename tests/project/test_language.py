"""The language of a page: Chinese first, English for whoever chooses it, refusals included."""

from django.utils import translation

from apps.engine import judge
from workflows.transfer import TransferBatch


def language_of(page) -> str:
    return page.content.decode().partition('<html lang="')[2].partition('"')[0]


def test_a_page_is_chinese_whatever_the_browser_prefers(client, db):
    assert language_of(client.get("/login/", headers={"accept-language": "en"})) == "zh-hans"


def test_english_once_chosen_is_kept(client, db):
    client.post("/language/", {"language": "en", "next": "/login/"})
    page = client.get("/login/")
    assert (language_of(page), page.headers["Content-Language"]) == ("en", "en")


def test_a_language_nobody_speaks_leaves_the_page_chinese(client, db):
    client.cookies["django_language"] = "tlh"
    assert language_of(client.get("/login/")) == "zh-hans"


def test_what_a_move_demands_is_said_in_the_reader_s_language():
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            demands = judge.demands(TransferBatch.moves["accept"], None)
            said[language] = [str(demand.sentence) for demand in demands][:2]
    assert said == {
        "en": [
            'the current stage is "Filed"',
            "it is for the Clerk of the retiree management office to decide",
        ],
        "zh-hans": ["当前环节为“已申报”", "由退管机构经办人办理"],
    }
