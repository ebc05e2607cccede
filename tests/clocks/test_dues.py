"""When time is up: suspended days and days with the applicant do not count, whatever the order of things."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.models import Event
from apps.calendar.spans import Span, due, without
from apps.calendar.workdays import Calendar, day_of
from apps.engine import dues
from apps.engine.door import perform
from apps.organisations.choices import Role
from tests.engine.scenes import again

CALENDAR = Calendar()
FIRST = timezone.make_aware(datetime(2026, 1, 5, 9))


def limit(row) -> str:
    """The day on which a row's time is up."""
    return f"{day_of(type(row).objects.get(pk=row.pk).due_at)}"


def suspend(world, case, until: str):
    given = {"review_on": date.fromisoformat(until)}
    return perform(case, "suspend", by=world.authority(case, Role.RMO_HEAD), reason="法院审理", given=given)


def resume(world, case):
    return perform(case, "resume", by=world.authority(case, Role.RMO_HEAD), reason="法院已结案")


def correct(world, case):
    return perform(case, "correct", by=world.authority(case, Role.RMO_CLERK), reason_code="papers")


def resubmit(world, case):
    return perform(case, "resubmit", by=world.applicant(case, Role.ENT_HEAD))


def test_the_days_of_a_suspension_do_not_count(world, at):
    at("2026-03-02")  # Monday; five working days: the 9th
    case = world.batch("submitted", 1)
    assert limit(case) == "2026-03-09"
    at("2026-03-04")
    case = suspend(world, case, "2026-03-20")
    at("2026-03-16")
    case = resume(world, case)
    assert limit(case) == "2026-03-19"


def test_the_clocks_of_people_and_fees_stand_still_with_their_case(world, at):
    at("2026-03-02")
    case = world.batch("allocating", 1)
    item = world.items(case).get()
    assert limit(item) == "2026-03-16"
    at("2026-03-03")
    case = suspend(world, case, "2026-04-01")
    at("2026-03-20")
    resume(world, case)
    assert limit(item) == "2026-04-02"


def test_who_mends_a_batch_gives_it_back_with_the_days_that_were_left(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-05")  # three of five days gone
    case = correct(world, case)
    assert limit(case) == "2026-03-26"
    at("2026-03-12")
    case = resubmit(world, case)
    assert limit(case) == "2026-03-16"
    at("2026-03-13")
    case = correct(world, case)
    at("2026-03-18")
    case = resubmit(world, case)
    assert limit(case) == "2026-03-19"


def test_a_suspension_while_the_applicant_mends_lengthens_that_time_only(world, at):
    at("2026-03-02")
    case = correct(world, world.batch("submitted", 1))
    assert limit(case) == "2026-03-23"
    at("2026-03-04")
    case = suspend(world, case, "2026-03-12")
    at("2026-03-11")
    case = resume(world, case)
    assert limit(case) == "2026-03-30"
    at("2026-03-12")
    case = resubmit(world, case)
    assert limit(case) == "2026-03-19"


def test_what_was_late_before_a_suspension_is_as_late_after_it(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-11")  # two working days late
    case = suspend(world, case, "2026-04-01")
    at("2026-03-25")
    case = resume(world, case)
    assert limit(case) == "2026-03-23"


def test_what_is_reckoned_anew_is_what_the_door_wrote(world, at):
    at("2026-03-02")
    case = world.batch("handing_over", 3)
    at("2026-03-10")
    for row in (again(case), *world.items(case)):
        model = type(row)
        assert dues.reckon(model, [row.pk], at=Event.objects.latest("id").recorded_at) == (
            {row.pk: row.due_at} if row.due_at else {}
        )


def test_reckoning_takes_the_same_statements_for_any_number_of_rows(world, django_assert_num_queries, at):
    at("2026-03-02")
    for number in (1, 3):
        case = world.batch("allocating", number)
        items = world.items(case)
        ids = list(items.values_list("pk", flat=True))
        with django_assert_num_queries(4):
            assert len(dues.reckon(items.model, ids, at=FIRST)) == number


@given(
    pauses=st.lists(st.tuples(st.integers(1, 400), st.integers(0, 400)), max_size=6),
    allowed=st.integers(1, 60),
)
def test_random_pauses_count_as_a_calendar_on_the_wall_would(pauses, allowed):
    """Cross off day after day: one counts when people work on it and the clock ran over its beginning."""
    stops, moment = [], FIRST
    for run, still in pauses:
        start = moment + timedelta(hours=run)
        moment = start + timedelta(hours=still)
        stops.append(Span(start, moment))
    *closed, last = runs = tuple(without(Span(FIRST, None), stops))
    crossed_off = {
        day for start, end in closed for day in days_from(day_of(start), day_of(end)) if CALENDAR.works(day)
    }
    until = day_of(due(runs, allowed, CALENDAR))
    if len(crossed_off) <= allowed:
        rest = [day for day in days_from(day_of(last.start), until) if CALENDAR.works(day)]
        assert len(crossed_off) + len(rest) == allowed
    else:
        late = [day for day in days_from(until, day_of(last.start)) if CALENDAR.works(day)]
        assert len(late) == len(crossed_off) - allowed


def days_from(day: date, last: date) -> list[date]:
    return [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
