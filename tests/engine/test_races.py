"""Two people at once: the same move twice, and different moves whose order matters; real transactions, real threads."""

from functools import partial
from uuid import uuid4

import pytest

from apps.audit.models import Event
from apps.cases.evidence import attach
from apps.cases.models import Case, CaseItem
from apps.cases.opening import open_once
from apps.documents.papers import DeathProof, StatusProof
from apps.engine.door import Refused, perform, perform_all
from apps.organisations.choices import Role
from apps.transfers.models import FrozenLine
from tests.invariants import invariants_hold
from tests.racing import at_once, fresh, queue
from tests.worlds import LIUSHADONG, PAPER, RONGHUA, XINXING, Person, today
from workflows.models import FileHandover, TransferBatch, TransferItem


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(town_for_real):
    world = town_for_real
    for _time in range(3):
        case = world.batch("submitted", 1)
        clerk = world.authority(case, Role.RMO_CLERK)
        acts = [partial(perform, fresh(case), "accept", by=clerk) for _click in range(2)]
        results = queue(*acts, at=[case])
        (refused,) = [result for result in results if isinstance(result, Refused)]
        assert clerk.user.name in str(refused)
        assert "办理“受理”" in str(refused)
        assert Event.objects.filter(stream="case", stream_id=case.pk, move="accept").count() == 1
        assert fresh(case).stage == "accepted"


def test_of_two_rival_decisions_exactly_one_is_made(town_for_real):
    world = town_for_real
    for order in (("accept", "refuse"), ("refuse", "accept"), ("correct", "accept")):
        case = world.batch("submitted", 1)
        clerk = world.authority(case, Role.RMO_CLERK)
        terms = {"accept": {}, "refuse": {"reason_code": "scope"}, "correct": {"reason_code": "papers"}}
        acts = [partial(perform, fresh(case), name, by=clerk, **terms[name]) for name in order]
        results = queue(*acts, at=[case])
        assert [isinstance(result, Refused) for result in results] == [False, True], order


@pytest.mark.parametrize("first", ["dispute", "fix"])
def test_no_disputed_person_ever_stands_on_a_frozen_list(town_for_real, first):
    """A street disputes while the reviewer fixes the list: in either order the list holds only the confirmed."""
    world = town_for_real
    for _time in range(2):
        case = world.batch("allocating", [Person(), Person(hukou=XINXING)])
        one, other = world.items(case)
        clerk, reviewer = world.by(Role.STREET_CLERK, RONGHUA), world.authority(case, Role.RMO_REVIEWER)
        perform_all(world.items(case), "confirm", by=clerk)
        # The last person is asked about once more: confirmed → placed → disputed, against fixing.
        move = {
            "dispute": partial(move_and_dispute, world, other, case),
            "fix": partial(perform, fresh(case), "fix", by=reviewer),
        }
        acts = [move.pop(first), *move.values()]
        results = queue(*acts, at=[case])
        assert sum(isinstance(result, Refused) for result in results) == 1
        frozen = set(
            FrozenLine.objects.filter(frozen_list__case=case.pk).values_list("item__stage", flat=True)
        )
        assert frozen <= {"confirmed"}
        assert (fresh(case).stage == "list_fixed") == bool(frozen)
        assert not (frozen and world.items(case, "placed", "disputed").exists())
        invariants_hold(case)


def move_and_dispute(world, item, case):
    """The clerk asks another street about somebody, which disputes."""
    by = world.authority(case, Role.RMO_CLERK)
    given = {"street": world.office(XINXING).pk}
    perform(fresh(item), "replace", by=by, reason="本人要求", given=given)
    return perform(fresh(item), "dispute", by=world.by(Role.STREET_CLERK, XINXING), reason_code="elsewhere")


@pytest.mark.parametrize("first", ["receive", "defer", "end_by_death", "send_back"])
def test_a_person_is_received_or_not_never_both(town_for_real, first):
    world = town_for_real
    case = world.batch("handing_over", [Person(), Person()])
    item = world.items(case)[1]
    head, reviewer = world.by(Role.STREET_HEAD, RONGHUA), world.authority(case, Role.RMO_REVIEWER)
    world.attach(case, DeathProof, by=reviewer)
    acts = {
        "receive": lambda: perform(fresh(item), "receive", by=head),
        "defer": lambda: perform(
            fresh(item), "defer", by=reviewer, reason_code="hospital", given={"review_on": today()}
        ),
        "end_by_death": lambda: perform(
            fresh(item), "end_by_death", by=reviewer, given={"died_on": today(), "reported_by": "家属"}
        ),
        "send_back": lambda: perform(fresh(item), "send_back", by=head, reason_code="absent"),
    }
    names = [first, *(name for name in acts if name != first)]
    results = queue(*(acts[name] for name in names), at=[case])
    won = {name for name, result in zip(names, results, strict=True) if not isinstance(result, Refused)}
    reached = {
        "receive": "received",
        "defer": "deferred",
        "end_by_death": "ended_death",
        "send_back": "returned",
    }
    # Who was deferred or returned may still die; every other decision is the last.
    assert won in [{name} for name in names] + [{"defer", "end_by_death"}, {"send_back", "end_by_death"}]
    assert fresh(item).stage == reached["end_by_death" if len(won) > 1 else won.pop()]
    invariants_hold(case)


def test_two_doors_that_reach_the_same_rows_never_lock_each_other_out(town_for_real):
    """Sets over the same two batches in opposite order, files of one custodian, deaths that reach the files."""
    world = town_for_real
    cases = [
        world.batch("handing_over", [Person(), Person(), Person(residence=XINXING)]) for _batch in range(2)
    ]
    pks = [case.pk for case in cases]
    reviewer, archivist = (world.authority(cases[0], role) for role in (Role.RMO_REVIEWER, Role.ARCHIVIST))
    for case in cases:
        world.attach(case, DeathProof, by=reviewer)
    last = [world.items(case).filter(organisation=world.office(RONGHUA)).last() for case in cases]
    forward = TransferItem.objects.filter(case__in=pks).order_by("pk")
    given = {"died_on": today(), "reported_by": "家属"}
    results = at_once(
        lambda: perform_all(forward, "receive", by=world.by(Role.STREET_HEAD, XINXING)),
        lambda: perform_all(forward.order_by("-pk"), "receive", by=world.by(Role.STREET_HEAD, RONGHUA)),
        lambda: perform(fresh(last[0]), "end_by_death", by=reviewer, given=given),
        lambda: perform(fresh(last[1]), "end_by_death", by=reviewer, given=given),
        lambda: perform_all(
            FileHandover.objects.filter(case__in=pks).order_by("-pk"), "inspect", by=archivist,
            given={"messenger": "谢楚霖"},
        ),
    )  # fmt: skip
    assert len(results) == 5
    assert set(CaseItem.objects.filter(case__in=pks).values_list("stage", flat=True)) <= {
        "received",
        "ended_death",
    }
    for case in cases:
        invariants_hold(case)
        assert fresh(case).stage == "completed"


def test_streets_that_confirm_at_once_do_not_disturb_each_other(town_for_real):
    world = town_for_real
    case = world.batch(
        "allocating", [Person(residence=street) for street in (RONGHUA, XINXING, LIUSHADONG) * 3]
    )
    acts = [
        lambda office=street: perform_all(
            TransferItem.objects.filter(case=case.pk, organisation__key=office), "confirm",
            by=world.by(Role.STREET_CLERK, office),
        )
        for street in (RONGHUA, XINXING, LIUSHADONG)
    ]  # fmt: skip
    assert [result.moved for result in queue(*acts, at=[case])] == [3, 3, 3]
    seqs = list(
        Event.objects.filter(stream="case", stream_id=case.pk).order_by("seq").values_list("seq", flat=True)
    )
    assert seqs == list(range(1, len(seqs) + 1))
    assert TransferBatch.objects.get(pk=case.pk).stream_seq == seqs[-1]


def test_a_form_sent_twice_at_once_opens_one_batch_and_attaches_one_paper(town_for_real):
    world = town_for_real
    clerk, form = world.by(Role.ENT_CLERK, "ENT-001"), uuid4()
    opened = at_once(
        *[partial(open_once, TransferBatch, "prepare", by=clerk, key=form) for _click in range(3)]
    )
    assert ({case.pk for case in opened}, Case.objects.count()) == ({opened[0].pk}, 1)
    sent = partial(attach, opened[0], StatusProof, PAPER, name="证明.pdf", by=clerk)
    papers = at_once(sent, sent, sent)
    assert {paper.pk for paper in papers} == {papers[0].pk}
    assert Event.objects.filter(stream="case", stream_id=opened[0].pk, move="attach").count() == 1
