"""An exemption in the policy's words: applied for, looked into, opined on, decided, reconsidered, revoked."""

import pytest

from apps.engine.door import begin, perform
from apps.fees.models import FeeAssessment
from apps.organisations.choices import Role
from tests.invariants import invariants_hold
from tests.refusals import refuses
from workflows.models import ExemptionOpinion, FeeExemption, TransferBatch
from workflows.rehearsals.exemption import ExemptionRehearsal

STANDARD = 150_000


def owing(world, enterprise="ENT-004", heads=2) -> FeeAssessment:
    """A batch of an enterprise stands where its fee is due."""
    case = world.batch("clearing", heads, enterprise=enterprise)
    return FeeAssessment.objects.get(case=case.pk)


def rehearse(world, enterprise="ENT-004", *, heads=2, **terms) -> ExemptionRehearsal:
    fee = owing(world, enterprise, heads)
    rehearsal = ExemptionRehearsal(world.office(enterprise))
    rehearsal.walk(fee, **terms)
    return rehearsal


def fee_of(case) -> FeeAssessment:
    return FeeAssessment.objects.get(pk=case.exemption.assessment_id)


# --- SC-06 ---


@pytest.mark.clause("M-090")
def test_who_exited_in_2001_is_exempted_at_the_asking_of_the_owner_unit(world):
    rehearsal = rehearse(world, "ENT-004", until="gov_review")
    case = rehearsal.case
    assert (case.applicant.key, case.enterprise.key) == ("ENT-004-OW", "ENT-004")
    assert fee_of(case).stage == "exemption_pending"
    rehearsal.decide()
    fee = fee_of(case)
    assert (fee.stage, fee.exempted_fen, fee.payments.count()) == ("exempted", 2 * STANDARD, 0)
    assert TransferBatch.objects.get(pk=fee.case_id).stage == "ready"
    assert rehearsal.case.exemption.decided_by.key == "445200-GOV"
    invariants_hold()
