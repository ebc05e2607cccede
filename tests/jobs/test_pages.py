"""The pages: a person sees his own jobs and no others, an operator sets going again what is dead."""

import datetime as dt

import pytest

from apps.audit.models import Event
from apps.jobs.models import Job, Now, Status
from apps.jobs.queue import enqueue, enqueue_many, run_due, run_next
from apps.jobs.work import More
from apps.organisations import posts
from apps.organisations.choices import OrgKind, Role
from apps.organisations.models import Organisation, User

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)


@pytest.fixture
def operator(town, client):
    """A browser of the system administrator."""
    platform = Organisation.objects.create(
        key="platform", kind=OrgKind.PLATFORM, name="系统运行中心", level="CITY", active_from=DAY
    )
    person = User.objects.create(username="operator", name="韦运行")
    posts.appoint(person, platform, Role.SYS_ADMIN, by=None, since=DAY)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def endless(named):
    def count(job):
        return More({}, done=job.done + 1, total=10)

    return named(count)


def text(answer):
    return answer.content.decode()


def dead(kind, number, cause="ValueError · apps/x.py:1", **columns):
    return Job.objects.bulk_create(
        Job(kind=kind, cause=cause, status=Status.DEAD, tries=5, ended_at=Now(), **columns)
        for _ in range(number)
    )


def test_a_person_follows_his_job_and_may_stop_it(endless, town, signed_in):
    job = enqueue(endless, by=town.acting("city-clerk"), total=10)
    browser = signed_in("city-clerk")
    run_next()

    assert "1 / 10" in text(browser.get(f"/jobs/{job.pk}/"))
    assert job.title in text(browser.get("/jobs/"))
    browser.post(f"/jobs/{job.pk}/cancel/")
    browser.post(f"/jobs/{job.pk}/cancel/")
    assert Event.objects.get(move="cancel_job").given == {"jobs": [job.pk]}
    run_due()
    assert "已取消" in text(browser.get(f"/jobs/{job.pk}/"))


def test_progress_alone_is_sent_to_a_page_that_asks_again(endless, town, signed_in):
    job = enqueue(endless, by=town.acting("city-clerk"), total=10)
    answer = text(signed_in("city-clerk").get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}))
    assert (answer.startswith("<section"), "every 2s" in answer) == (True, True)


@pytest.mark.parametrize("username", ["city-head", "rongcheng-clerk"])
def test_somebody_elses_job_is_not_there(endless, town, signed_in, username):
    job = enqueue(endless, by=town.acting("city-clerk"))
    browser = signed_in(username)
    assert browser.get(f"/jobs/{job.pk}/").status_code == 404
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert job.title not in text(browser.get("/jobs/"))


@pytest.mark.parametrize("number", [1, 3])
def test_my_jobs_take_the_same_statements_whatever_their_number(
    endless, town, signed_in, number, django_assert_num_queries
):
    enqueue_many(endless, [{}] * number, by=town.acting("city-clerk"))
    browser = signed_in("city-clerk")
    browser.get("/jobs/")
    with django_assert_num_queries(6):
        browser.get("/jobs/")


def test_the_operator_sets_all_that_died_of_one_cause_going_again(operator, endless):
    again, other = dead(endless, 3), dead(endless, 1, cause="OSError")
    shown = operator.get("/jobs/operator/")
    assert [line["number"] for line in shown.context["causes"]] == [3, 1]

    operator.post("/jobs/operator/retry/", {"kind": endless, "cause": "ValueError · apps/x.py:1"})
    assert Job.objects.filter(status=Status.WAITING, tries=0).count() == 3
    assert Job.objects.get(pk=other[0].pk).status == Status.DEAD
    noted = Event.objects.get(move="retry_jobs")
    assert (noted.stream, noted.given) == ("actor", {"jobs": [job.pk for job in again]})


def test_the_operator_sets_one_job_going_again(operator, endless):
    first, _second = dead(endless, 2)
    operator.post("/jobs/operator/retry/", {"job": first.pk})
    assert list(Job.objects.filter(status=Status.WAITING)) == [first]


def test_what_is_not_dead_is_not_tried_again(operator, endless):
    job = enqueue(endless)
    operator.post("/jobs/operator/retry/", {"job": job.pk})
    assert not Event.objects.filter(move="retry_jobs").exists()


@pytest.mark.parametrize("asked", [{}, {"job": "9" * 30}, {"kind": "tests.endless", "cause": "never"}])
def test_what_is_not_there_is_not_tried_again(operator, endless, asked):
    dead(endless, 1)
    assert operator.post("/jobs/operator/retry/", asked).status_code == 302
    assert not Event.objects.filter(move="retry_jobs").exists()


def test_the_operators_page_is_for_operators(town, signed_in, endless):
    browser = signed_in("city-head")
    [job] = dead(endless, 1)
    assert browser.get("/jobs/operator/").status_code == 403
    assert browser.post("/jobs/operator/retry/", {"job": job.pk}).status_code == 403
    assert Job.objects.get().status == Status.DEAD


@pytest.mark.parametrize("number", [1, 3])
def test_the_operators_page_takes_the_same_statements(operator, endless, number, django_assert_num_queries):
    dead(endless, number)
    with django_assert_num_queries(7):
        operator.get("/jobs/operator/")
