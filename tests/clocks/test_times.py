"""Who took how long, in working days: in all, suspended, and net."""

from apps.audit.streams import now
from apps.clocks.times import spent
from apps.engine.door import perform
from apps.organisations.choices import Role
from tests.clocks.test_dues import correct, resubmit, resume, suspend


def days(case) -> dict[str, tuple[int, int, int]]:
    return {party.title: (party.gross, party.paused, party.net) for party in spent(case, at=now())}


def test_each_partys_days_are_told_apart(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-04")
    case = correct(world, case)
    at("2026-03-09")
    case = resubmit(world, case)
    at("2026-03-10")
    case = suspend(world, case, "2026-04-01")
    at("2026-03-16")
    case = resume(world, case)
    at("2026-03-17")
    assert days(case) == {"企业经办人": (3, 0, 3), "退管机构经办人": (8, 4, 4)}


def test_a_case_that_has_ended_counts_no_further(world, at):
    at("2026-03-02")
    case = world.batch("submitted", 1)
    at("2026-03-04")
    case = perform(case, "withdraw", by=world.applicant(case, Role.ENT_HEAD), reason="不再移交")
    at("2026-04-30")
    assert days(case) == {"企业经办人": (0, 0, 0), "退管机构经办人": (2, 0, 2)}
