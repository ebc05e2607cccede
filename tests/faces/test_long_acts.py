"""A decision on more rows than a page can wait for becomes a job, and stays one act."""

import pytest
from django.db.models import Count

from apps.audit.models import Event
from apps.audit.streams import now
from apps.calendar.workdays import day_of
from apps.cases.models import CaseItem
from apps.inbox import work
from apps.jobs.models import Job, Status
from apps.jobs.queue import run_due, run_next
from apps.organisations import posts
from apps.organisations.models import Organisation
from tests.faces.test_inbox import clerk_of
from workflows.models import TransferItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", 2)
    monkeypatch.setattr(work, "PART", 2)


@pytest.fixture
def asked(walked, signed_in):
    """A street clerk's browser, and what it sends to confirm everybody of a batch of 40."""
    case = walked("allocating", rows=40)
    Job.objects.all().delete()  # the papers of the way there are not what is asked about here
    counted = CaseItem.objects.filter(case=case).values_list("organisation").annotate(number=Count("pk"))
    street = Organisation.objects.get(pk=counted.order_by("-number").first()[0])
    sent = {"all": "yes", "matching": f"transferitem@{case.pk}:placed", "machine": "transferitem"}
    return signed_in(clerk_of(street)), sent, CaseItem.objects.filter(case=case, organisation=street)


def test_a_long_decision_is_a_job_in_parts_of_one_act(asked):
    browser, sent, people = asked
    answer = browser.post("/decide/", sent | {"move": "confirm"})
    job, number = Job.objects.get(kind=work.KIND), people.count()

    assert (answer.url, job.total) == (f"/jobs/{job.pk}/", number)
    assert people.filter(stage="placed").count() == number
    assert run_next()
    assert people.filter(stage="confirmed").count() == 2
    run_due()
    assert people.filter(stage="confirmed").count() == number
    acts = Event.objects.filter(machine="transferitem", move="confirm").values_list("act", flat=True)
    assert (len(acts) > 1, len(set(acts))) == (True, 1)


def test_its_page_tells_how_far_it_is_and_leads_to_what_stayed(asked):
    browser, sent, people = asked
    browser.post("/decide/", sent | {"move": "confirm"})
    job = Job.objects.get(kind=work.KIND)
    run_next()
    assert f"2 / {job.total}" in browser.get(f"/jobs/{job.pk}/").content.decode()
    meanwhile = people.filter(stage="placed").last()
    browser.post(
        "/decide/", {"pick": f"transferitem:{meanwhile.pk}", "machine": "transferitem", "move": "confirm"}
    )
    run_due()
    job.refresh_from_db()
    assert (job.status, job.result["moved"]) == (Status.DONE, job.total - 1)
    shown = browser.get(job.result["link"])
    assert [group.count for group in shown.context["stayed"]] == [1]


def test_what_is_wrong_with_the_whole_set_is_said_at_once(asked):
    browser, sent, people = asked
    answer = browser.post("/decide/", sent | {"move": "dispute", "reason_code": "nonsense"})
    assert (answer.status_code, Job.objects.filter(kind=work.KIND).exists()) == (409, False)


def test_what_somebody_wrote_is_sealed_in_the_job(asked):
    browser, sent, people = asked
    reason = {
        "reason_code": next(iter(TransferItem.moves["dispute"].reason.choices)),
        "reason": "王建国不在本街道",
    }
    browser.post("/decide/", sent | {"move": "dispute"} | reason)
    job = Job.objects.get(kind=work.KIND)
    assert "王建国" not in str(job.given)
    run_due()
    assert people.exclude(stage="disputed").count() == 0
    assert Event.objects.filter(move="dispute", reason="王建国不在本街道").exists()


def test_the_outcome_of_somebody_elses_job_is_not_there(asked, town, client):
    browser, sent, people = asked
    browser.post("/decide/", sent | {"move": "confirm"})
    run_due()
    client.force_login(town.person("city-clerk"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(Job.objects.get(kind=work.KIND).result["link"]).status_code == 404


def test_who_has_left_the_post_meanwhile_decides_nothing(asked):
    """Authority is judged when the work is done, not when it was asked for."""
    browser, sent, people = asked
    browser.post("/decide/", sent | {"move": "confirm"})
    job = Job.objects.get(kind=work.KIND)
    assert run_next()
    posts.end(job.post, by=None, on=day_of(now()), reason="调离")
    run_due()
    job.refresh_from_db()
    assert people.filter(stage="confirmed").count() == job.result["moved"] == 2
    [(sentence, (stayed, _rows))] = job.result["stayed"].items()
    assert (stayed, sentence.startswith("由")) == (job.total - 2, True)
