"""The queue: effects happen once, failures come back, and in whose name the work is done is known."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.audit.models import Event
from apps.audit.streams import record
from apps.jobs.models import Job, Now, Status
from apps.jobs.queue import TRIES, cancel, enqueue, enqueue_many, run_due, run_next
from apps.jobs.work import Done, More

pytestmark = pytest.mark.django_db


def pass_time():
    """Let the pause of whatever waits be over."""
    Job.objects.filter(status=Status.WAITING).update(not_before=Now() - timedelta(seconds=1))


def test_work_is_done_once_in_the_name_of_who_gave_it(named, town):
    def tell(job):
        return Done({"text": job.by.user.username})

    enqueue(named(tell), given={"case": 7}, by=town.acting("city-clerk"), case=7)

    assert (run_due(), run_due()) == (1, 0)
    job = Job.objects.get()
    assert (job.status, job.result, job.case) == (Status.DONE, {"text": "city-clerk"}, 7)
    assert job.ended_at >= job.created_at


def test_an_act_that_is_rolled_back_leaves_no_job(named):
    def nothing(job): ...

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(named(nothing))
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_work_that_nobody_does_is_refused_at_once(db):
    with pytest.raises(KeyError):
        enqueue("tests.unheard_of")


@pytest.mark.parametrize("number", [1, 3])
def test_many_jobs_are_one_statement(named, number, django_assert_num_queries):
    def nothing(job): ...

    with django_assert_num_queries(1):
        enqueue_many(named(nothing), [{"paper": paper} for paper in range(number)])
    assert Job.objects.count() == number


def test_work_for_later_waits(named):
    def nothing(job): ...

    enqueue(named(nothing), not_before=Now() + timedelta(hours=1))
    assert run_due() == 0
    pass_time()
    assert run_due() == 1


def test_failed_work_leaves_nothing_and_is_tried_five_times(named, town):
    def fail(job):
        record(job.by.user, "half_done", by=job.by)
        raise ValueError("王建国 44520219500101001X")

    enqueue(named(fail), by=town.acting("city-clerk"))
    for tried in range(TRIES):
        assert Job.objects.get().tries == tried
        assert run_due() == 1
        pass_time()

    assert run_due() == 0
    job = Job.objects.get()
    assert (job.status, job.tries) == (Status.DEAD, TRIES)
    assert job.cause.startswith("ValueError · tests/jobs/test_queue.py:")
    assert not Event.objects.filter(move="half_done").exists()


def test_one_failing_job_holds_up_no_other(named):
    def fail(job):
        raise ValueError

    def nothing(job): ...

    enqueue(named(fail))
    enqueue(named(nothing))
    assert run_due() == 2
    assert list(Job.objects.order_by("id").values_list("status", "tries")) == [("waiting", 1), ("done", 0)]


def test_long_work_goes_on_from_where_it_had_got_to(named):
    calls = []

    def count(job):
        at = job.state.get("at", 0) + 500
        calls.append(at)
        return More({"at": at}, done=at, total=1200) if at < 1200 else None

    enqueue(named(count), total=1200)
    assert run_next()
    assert Job.objects.values_list("done", "total", "status").get() == (500, 1200, "waiting")
    assert run_due() == 2
    assert calls == [500, 1000, 1500]
    assert Job.objects.values_list("done", "total", "status").get() == (1200, 1200, "done")


def test_long_work_lets_short_work_pass(named):
    order = []

    def long(job):
        order.append("long")
        return More({"at": 1}) if not job.state else None

    def short(job):
        order.append("short")

    enqueue(named(long))
    enqueue(named(short))
    run_due()
    assert order == ["long", "short", "long"]


def test_periodic_work_passes_older_work_which_is_done_after_it(named):
    order = []

    def paper(job):
        order.append("paper")

    def clock(job):
        order.append("clock")

    enqueue_many(named(paper), [{}] * 3, not_before=Now() - timedelta(days=60))
    Job.objects.create(kind=named(clock), slot=1)
    run_due()
    assert order == ["clock", "paper", "paper", "paper"]


def test_a_cancelled_job_stops_between_its_parts(named, town):
    def endless(job):
        return More({}, done=job.done + 1)

    job = enqueue(named(endless), by=town.acting("city-clerk"))
    assert run_next()
    cancel(job, by=town.acting("city-clerk"))

    assert run_due() == 0
    job.refresh_from_db()
    assert (job.status, job.done) == (Status.CANCELLED, 1)
