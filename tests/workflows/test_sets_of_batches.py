"""Several batches decided in one act come out as if decided one by one, and cost no more statements."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.audit.models import Event
from apps.cases.models import Case, CaseItem
from apps.documents.papers import StatusProof
from apps.engine.door import Refused, perform, perform_all
from apps.fees.models import Charge, FeeAssessment
from apps.organisations.choices import Role
from apps.personnel_files.models import PersonnelFile
from apps.retirees import vault
from apps.transfers.models import Appointment, FrozenList, Obligation, Signature
from tests.worlds import (
    LIUSHADONG,
    RONGHUA,
    XINXING,
    Person,
    answer,
    appointment,
    citizen_number,
    today,
    undone,
)
from workflows.models import TransferBatch, TransferItem


def drafted(world, chance, number):
    """Drafts of one enterprise; some of the people stand in two of them."""
    folk = [citizen_number() for _ in range(3)]
    cases = []
    for _batch in range(number):
        shared = [Person(number=one) for one in folk if chance.random() < 0.5]
        own = [
            Person(residence=chance.choice([RONGHUA, XINXING, LIUSHADONG]), facts={"housing": "未房改"})
            for _ in range(chance.randint(1, 3))
        ]
        case = world.draft(shared + own)
        world.attach(case, StatusProof, by=world.applicant(case, Role.ENT_HEAD))
        cases.append(case)
    return cases


def corrected(world, chance, number):
    """Batches sent back, each with a roster that names some other people."""
    cases = drafted(world, chance, number)
    head, clerk = world.applicant(cases[0], Role.ENT_HEAD), world.applicant(cases[0], Role.ENT_CLERK)
    for case in cases:
        perform(case, "submit", by=head)
        perform(case, "correct", by=world.authority(case, Role.RMO_CLERK), reason_code="roster")
        stay = [
            Person(residence=XINXING, number=number_of(item))
            for item in world.items(case)
            if chance.random() < 0.6
        ]
        world.roster(case, [*stay, Person(residence=RONGHUA)], by=clerk)
    return cases


def number_of(item) -> str:
    identity = item.retiree.identity
    return vault.unseal(identity.sealed, owner=identity.pk, field="number")


def confirmed(world, chance, number):
    """Batches whose streets have decided; in some, somebody is deferred."""
    cases = [world.batch("allocating", chance.randint(2, 4)) for _batch in range(number)]
    for case in cases:
        world.confirm(case)
        if chance.random() < 0.5:
            terms = {"reason_code": "abroad", "given": {"review_on": appointment()["held_on"]}}
            perform(world.items(case).first(), "defer", by=world.authority(case, Role.RMO_REVIEWER), **terms)
    return cases


def ready(world, chance, number):
    return [world.batch("ready", chance.randint(1, 3)) for _batch in range(number)]


def suspended(world, chance, number):
    cases = [world.batch(chance.choice(["allocating", "agreed"]), 2) for _batch in range(number)]
    for case in cases:
        given = {"review_on": today()}
        perform(case, "suspend", by=world.authority(case, Role.RMO_HEAD), reason="企业改制", given=given)
    return cases


ACTS = {
    "submit": (drafted, Role.ENT_HEAD, dict),
    "resubmit": (corrected, Role.ENT_HEAD, dict),
    "fix": (confirmed, Role.RMO_REVIEWER, dict),
    "hand_over": (ready, Role.RMO_HEAD, lambda: {"given": appointment()}),
    "resume": (suspended, Role.RMO_HEAD, lambda: {"reason": "改制完成"}),
}


def actor(world, case, role):
    return (world.applicant if role == Role.ENT_HEAD else world.authority)(case, role)


def picture(cases) -> dict:
    """What the acts left behind, without the numbers and moments that differ by nature."""
    mine = {"case__in": [case.pk for case in cases]}
    items = CaseItem.objects.filter(**mine)
    lists = FrozenList.objects.filter(**mine).prefetch_related("lines")
    charges = Charge.objects.filter(item__in=items)
    return {
        "cases": list(
            Case.objects.filter(items__in=items)
            .distinct()
            .order_by("pk")
            .values_list("pk", "stage", "row_seq", "suspended_at", "review_on")
        ),
        "items": sorted(
            items.values_list(
                "case", "retiree__identity", "stage", "row_seq", "open", "faults", "organisation", "placement"
            ),
            key=str,
        ),
        "files": sorted(
            PersonnelFile.objects.filter(**mine).values_list("case", "retiree__identity", "stage")
        ),
        "owed": sorted(
            Obligation.objects.filter(**mine).values_list("case", "item__retiree__identity", "kind")
        ),
        "lists": [(one.case_id, one.number, one.digest, one.lines.count()) for one in lists.order_by("case")],
        "fees": sorted(
            FeeAssessment.objects.filter(**mine).values_list("case", "stage", "heads", "amount_fen")
        ),
        "charges": sorted(charges.values_list("item", "amount_fen", "void")),
        "signers": sorted(Signature.objects.filter(**mine).values_list("case", "organisation", "stage")),
        "appointments": sorted(Appointment.objects.filter(**mine).values_list("case", "place")),
        "events": Counter(
            Event.objects.filter(stream="case", stream_id__in=mine["case__in"]).values_list(
                "stream_id", "machine", "move", "items_count"
            )
        ),
    }


@settings(
    max_examples=2,
    phases=[Phase.generate],
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 1_000_000))
@pytest.mark.parametrize("name", ACTS)
def test_batches_decided_together_come_out_as_one_by_one(world, seed, name):
    make, role, terms = ACTS[name]
    with undone():
        cases = make(world, random.Random(seed), 3)
        by = actor(world, cases[0], role)
        with undone():
            for case in cases:
                perform(TransferBatch.objects.get(pk=case.pk), name, by=by, **terms())
            expected = picture(cases)
        outcome = perform_all(
            TransferBatch.objects.filter(pk__in=[case.pk for case in cases]), name, by=by, **terms()
        )
        assert (outcome.moved, outcome.stayed) == (3, {})
        assert picture(cases) == expected


class Same(random.Random):
    """No chance: every batch is like the next."""

    def random(self):
        return 0.9


@pytest.mark.parametrize("name", ACTS)
def test_five_batches_cost_the_statements_of_two(world, name):
    make, role, terms = ACTS[name]
    cost = {}
    for number in (2, 5):
        with undone():
            cases = make(world, Same(), number)
            chosen = TransferBatch.objects.filter(pk__in=[case.pk for case in cases])
            by = actor(world, cases[0], role)
            with CaptureQueriesContext(connection) as captured:
                perform_all(chosen, name, by=by, **terms())
            cost[number] = len(captured.captured_queries)
    assert cost[5] == cost[2]


def test_people_taken_out_of_many_batches_are_released_in_the_statements_for_one(world):
    reviewer = world.by(Role.RMO_REVIEWER, "445200-RMO")
    cost = {}
    for number in (1, 4):
        with undone():
            cases = [world.batch("agreed", 3) for _batch in range(number)]
            first = [world.items(case).first().pk for case in cases]
            with CaptureQueriesContext(connection) as captured:
                perform_all(
                    TransferItem.objects.filter(pk__in=first), "remove", by=reviewer, reason_code="duplicate"
                )
            cost[number] = len(captured.captured_queries)
            fees = FeeAssessment.objects.filter(case__in=[case.pk for case in cases])
            shares = [(fee.heads, fee.amount_fen) for fee in fees]
            assert shares == [(2, 2 * fee.amount_fen // fee.heads) for fee in fees]
    assert cost[4] == cost[1]


def test_a_file_belongs_to_one_batch(world):
    cases = [world.batch("matching", 1) for _batch in range(2)]
    chosen = TransferBatch.objects.filter(pk__in=[case.pk for case in cases])
    clerk = world.authority(cases[0], Role.RMO_CLERK)
    with pytest.raises(Refused, match="每份文件只属于一个批次"):
        perform_all(chosen, "record_answer", by=clerk, given={"answer": answer(cases[0])})
