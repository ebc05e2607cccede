"""What the decisions on an exemption write down, and what each says to the collection of the fee."""

from django.db.models import F, OuterRef, Subquery

from apps.calendar.workdays import day_of
from apps.exemptions.models import Asked, ExemptionRequest, Objection
from apps.exemptions.sums import outstanding
from apps.fees.models import FeeAssessment

from .exemption_opinion import ExemptionOpinion
from .fee_events import (
    EXEMPTION_ASKED,
    EXEMPTION_GRANTED,
    EXEMPTION_OVER,
    EXEMPTION_PART_GRANTED,
    EXEMPTION_REVOKED,
)

INSOLVENT = ("BANKRUPT", "CLOSED")
"""They may be exempted only by an interpretation of the plan (Q4), which is noted on the decision."""


def requests(deed):
    return ExemptionRequest.objects.filter(case__in=deed.ids)


def keep_declaration(deed) -> None:
    given = deed.given
    requests(deed).update(
        circumstances=given["circumstances"], assets_fen=given["assets"], difficulty=given["difficulty"],
        standing_in=given["standing_in"],
    )  # fmt: skip


def pend(deed) -> None:
    """While the request is considered nobody duns for the fee."""
    _tell(deed, EXEMPTION_ASKED)


def let_go(deed) -> None:
    """The request is over without a decision: the fee is due as before."""
    requests(deed).update(open=False)
    _tell(deed, EXEMPTION_OVER)


def keep_report(deed) -> None:
    given = deed.given
    requests(deed).update(
        investigator=deed.by.user, second_investigator=given["second"], visited_on=given["visited_on"],
        found_fen=given["assets"], difficulty_shown=given["difficulty"] == "yes", findings=given["findings"],
    )  # fmt: skip


def keep_objection(deed) -> None:
    Objection.objects.bulk_create(
        Objection(request=request, answered_at=deed.at, **deed.given) for request in requests(deed)
    )


def ask_opinions(deed) -> None:
    """Lay the request before the finance department and the owner's department at once."""
    requests(deed).update(round=F("round") + 1)
    asked = requests(deed).select_related("assessment").order_by("case")
    deed.enter(ExemptionOpinion, [
        ExemptionOpinion(case_id=request.case_id, organisation_id=office, asked_as=asked_as, round=request.round)
        for request in asked
        for asked_as, office in (
            (Asked.FINANCE, request.assessment.finance_id), (Asked.OWNER, request.owner_id)
        )
    ])  # fmt: skip


def keep_labour_opinion(deed) -> None:
    requests(deed).update(labour_agrees=deed.given["agrees"] == "yes", labour_words=deed.given["words"])


def investigate_anew(deed) -> None:
    """What was found before no longer counts."""
    requests(deed).update(found_fen=None, difficulty_shown=False, appealed=False)


def send_back(deed) -> None:
    investigate_anew(deed)
    requests(deed).update(returned=True)


def redo(deed) -> None:
    """A new decision is to be made, and the government may send that back once too."""
    investigate_anew(deed)
    requests(deed).update(returned=False)


def grant(deed) -> None:
    """Everything that is still owed is let off."""
    _grant(deed, outstanding("assessment"), EXEMPTION_GRANTED)


def grant_part(deed) -> None:
    _grant(deed, deed.given["amount"], EXEMPTION_PART_GRANTED)


def reject(deed) -> None:
    _note(deed, granted_fen=0)
    _tell(deed, EXEMPTION_OVER)


def appeal(deed) -> None:
    """The fee waits while the refusal is reconsidered."""
    requests(deed).update(appealed=True)
    _tell(deed, EXEMPTION_ASKED)


def uphold(deed) -> None:
    """It stays at what was decided: a part that was exempted, or nothing."""
    parts = requests(deed).filter(granted_fen__gt=0)
    deed.announce(EXEMPTION_PART_GRANTED, list(parts.values_list("assessment", flat=True)))
    nothing = requests(deed).filter(granted_fen=0)
    deed.announce(EXEMPTION_OVER, list(nothing.values_list("assessment", flat=True)))
    requests(deed).update(open=False)


def revoke(deed) -> None:
    """Nothing is exempted any more: the fee is due again, with a new notice to whoever pays."""
    _note(deed, granted_fen=0, open=True, appealed=False)
    _assessments(deed).update(exempted_fen=0)
    _tell(deed, EXEMPTION_REVOKED)


def close(deed) -> None:
    requests(deed).update(open=False)


def _grant(deed, fen, event) -> None:
    _note(deed, granted_fen=fen, decided_by=deed.by.organisation)
    requests(deed).filter(case__enterprise__enterprise__status__in=INSOLVENT).update(interpretation="Q4")
    granted = requests(deed).filter(assessment=OuterRef("pk")).values("granted_fen")
    _assessments(deed).update(exempted_fen=Subquery(granted))
    _tell(deed, event)


def _note(deed, **facts) -> None:
    requests(deed).update(decision_number=deed.given["decision_number"], decided_on=day_of(deed.at), **facts)


def _assessments(deed):
    return FeeAssessment.objects.filter(pk__in=requests(deed).values("assessment"))


def _tell(deed, event) -> None:
    deed.announce(event, list(requests(deed).values_list("assessment", flat=True)))
