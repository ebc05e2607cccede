"""The register: documents, lineage, the 134 clauses in the plan's own words, and its pages."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from apps.policies import lineage, proofs, rules, seeds
from apps.policies.models import Clause, Document, Rule

HIGHEST = {"中办发〔2003〕16号", "粤办发〔2003〕23号"}


@pytest.fixture
def proposal():
    """What the author fills in."""
    return {
        "key": "fee.standard",
        "amount": "160000",
        "valid_from": (timezone.localdate() + timedelta(days=3)).isoformat(),
        "basis": Document.objects.get(number=seeds.PLAN).pk,
        "citation": "六（一）",
        "status": "UNVERIFIED",
    }


def test_there_are_134_clauses_numbered_without_gap(db):
    assert list(Clause.objects.values_list("code", flat=True)) == [f"M-{n:03d}" for n in range(1, 135)]


def test_every_quote_stands_in_the_plan(db):
    plan = (settings.BASE_DIR / "fixtures" / "plan-2005-77.txt").read_text(encoding="utf-8")
    plan = re.sub(r"\s", "", plan)
    quotes = [(clause.code, quote) for clause in Clause.objects.all() for quote in clause.text.splitlines()]
    assert [code for code, quote in quotes if re.sub(r"\s", "", quote) not in plan] == []


def test_every_clause_says_what_the_system_must_do(db):
    for column in ("requirement", "requirement_en"):
        assert len(set(Clause.objects.exclude(**{column: ""}).values_list(column, flat=True))) == 134


def test_a_clause_is_explained_in_the_reader_s_language(signed_in):
    browser = signed_in("city-clerk")
    assert "第三个街道被拒绝" in browser.get("/policies/clauses/").content.decode()
    browser.cookies["django_language"] = "en"
    english = browser.get("/policies/clauses/").content.decode()
    assert "a third street is refused" in english


@pytest.mark.clause("M-001")
def test_a_rule_without_a_basis_document_is_not_approved(town, signed_in, proposal):
    plan = Document.objects.get(number="揭府办〔2005〕77号")
    assert (plan.issuer, plan.issued_on, plan.status) == (
        "揭阳市人民政府办公室",
        date(2005, 7, 14),
        "IN_FORCE",
    )
    signed_in("city-reviewer").post("/policies/rules/propose/", proposal | {"basis": ""})
    rule = Rule.objects.get(approved_at=None)
    page = signed_in("city-head").post(f"/policies/rules/{rule.pk}/approve/", follow=True)
    assert "没有依据文件的规则不能核准" in page.content.decode()
    rule.refresh_from_db()
    assert rule.approved_at is None


@pytest.mark.clause("M-005")
def test_the_lineage_of_every_rule_of_the_plan_ends_at_the_two_higher_documents(signed_in):
    browser = signed_in("city-clerk")
    for rule in Rule.objects.filter(basis__number=seeds.PLAN):
        steps = browser.get(f"/policies/rules/{rule.pk}/").context["lineage"]
        assert {step.document.number for step in steps if not step.document.basis.exists()} == HIGHEST


def test_a_lineage_is_two_queries_whatever_its_depth(db, django_assert_num_queries):
    plan = Document.objects.get(number=seeds.PLAN)
    below = plan
    for number in ("示例〔2006〕1号", "示例〔2006〕2号"):
        document = Document.objects.create(number=number, title=number, issuer="示例")
        document.basis.add(below)
        below = document
    with django_assert_num_queries(2):
        steps = lineage.above(below)
    assert [step.height for step in steps] == [0, 1, 2, 3, 3]


def test_a_second_person_approves_on_the_page(town, signed_in, proposal):
    signed_in("city-reviewer").post("/policies/rules/propose/", proposal)
    rule = Rule.objects.get(approved_at=None)
    assert "待核准" in signed_in("city-head").get("/policies/rules/").content.decode()
    signed_in("city-head").post(f"/policies/rules/{rule.pk}/approve/")
    assert rules.value("fee.standard", rule.valid.lower).value == 160_000
    assert rules.value("fee.standard", timezone.localdate()).value == 150_000


def test_a_standard_may_be_for_some_only_and_says_for_whom(town, signed_in, proposal):
    browser = signed_in("city-reviewer")
    browser.post("/policies/rules/propose/", proposal | {"scope": "affiliation:COUNTY"})
    one = town.office("ENT-009").pk
    browser.post("/policies/rules/propose/", proposal | {"enterprise": one, "amount": 100_000})
    assert set(Rule.objects.filter(approved_at=None).values_list("scope", flat=True)) == {
        "affiliation:COUNTY",
        "organisation:ENT-009",
    }
    page = browser.get("/policies/rules/").content.decode()
    assert "县属" in page and str(town.office("ENT-009")) in page


@pytest.mark.parametrize(
    ("also", "said"),
    [
        ({"scope": "affiliation:COUNTY", "key": "fee.payment", "amount": 5}, "不分适用范围"),
        ({"scope": "affiliation:COUNTY", "enterprise": "ENT-009"}, "只能选一项"),
        ({"scope": "affiliation:NOWHERE"}, "选择"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(town, signed_in, proposal, also, said):
    if "enterprise" in also:
        also = also | {"enterprise": town.office(also["enterprise"]).pk}
    page = signed_in("city-reviewer").post("/policies/rules/propose/", proposal | also)
    assert said in page.content.decode()
    assert not Rule.objects.filter(approved_at=None).exists()


def test_the_author_is_not_offered_the_approval(town, signed_in, proposal):
    browser = signed_in("city-reviewer")
    browser.post("/policies/rules/propose/", proposal)
    rule = Rule.objects.get(approved_at=None)
    assert not browser.get(f"/policies/rules/{rule.pk}/").context["may_approve"]
    page = browser.post(f"/policies/rules/{rule.pk}/approve/", follow=True)
    assert "由市退管机构负责人核准" in page.content.decode()


@pytest.mark.parametrize("username", ["city-clerk", "ronghua-head", "rongyuan-head", "city-auditor"])
def test_an_outsider_cannot_open_the_form(signed_in, username):
    assert signed_in(username).get("/policies/rules/propose/").status_code == 403


def test_what_is_refused_is_said_on_the_form(signed_in, proposal):
    page = signed_in("city-reviewer").post(
        "/policies/rules/propose/", proposal | {"valid_until": "2005-01-01"}
    )
    assert "失效日期应晚于生效日期" in page.content.decode()


@pytest.mark.parametrize("address", ["", "clauses/", "rules/", "rules/propose/"])
def test_a_stranger_is_sent_to_sign_in(client, db, address):
    assert client.get(f"/policies/{address}").status_code == 302


@pytest.mark.parametrize(("show", "count"), [("", 134), ("proved", 1), ("open", 133), ("nonsense", 134)])
def test_clauses_are_shown_with_their_proofs(signed_in, monkeypatch, show, count):
    monkeypatch.setattr(proofs, "read", lambda: {"M-014": ["tests/test_x.py::test_y"]})
    page = signed_in("city-clerk").get("/policies/clauses/", {"show": show})
    assert len(page.context["clauses"]) == count
    assert ("tests/test_x.py::test_y" in page.content.decode()) == (show != "open")


def test_the_command_prints_each_clause_with_its_tests(capsys, monkeypatch):
    monkeypatch.setattr(proofs, "read", lambda: {"M-014": ["tests/test_x.py::test_y"]})
    call_command("clauses")
    printed = capsys.readouterr().out
    assert "✓ M-014 三" in printed
    assert "1 of 134 clauses are proved by 1 tests." in printed


def test_proofs_name_clauses_that_exist(db):
    assert set(proofs.read()) <= set(Clause.objects.values_list("code", flat=True))


@pytest.mark.parametrize(("address", "queries"), [("", 8), ("clauses/", 5), ("rules/", 7)])
def test_pages_cost_the_same_for_one_row_and_for_three(
    signed_in, django_assert_num_queries, address, queries
):
    browser = signed_in("city-reviewer")
    with django_assert_num_queries(queries):
        browser.get(f"/policies/{address}")
    for number in range(3):
        Document.objects.create(number=f"示例{number}", title="示例", issuer="示例").basis.add(
            Document.objects.get(number=seeds.PLAN)
        )
    with django_assert_num_queries(queries):
        browser.get(f"/policies/{address}")
