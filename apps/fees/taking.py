"""Money that comes in for assessments, reaches the special account, and goes back; each act books what it moves."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from apps.treasury import journal
from apps.treasury.models import EntryKind, Ledger, SpecialAccount

from .models import Credit, FeeAssessment, Match, Payment


class Moved(NamedTuple):
    """So much that is booked for one assessment, on a day."""

    assessment: int
    fen: int
    on: date


def take_in(deed) -> None:
    """Take in every line of the bank that is matched with these assessments: a payment each, and its entry."""
    matches = list(waiting(deed.ids).select_related("line"))
    Payment.objects.bulk_create(
        Payment(
            assessment_id=match.assessment_id,
            line=match.line,
            fen=match.line.fen,
            act=deed.act.id,
            taken_at=deed.at,
        )
        for match in matches
    )
    moved = [Moved(match.assessment_id, match.line.fen, match.line.on) for match in matches]
    _book(deed, EntryKind.RECEIPT, moved, into=Ledger.TRANSIT, out_of=Ledger.FEES)


def waiting(assessments: Iterable[int]):
    """The lines matched with some assessments that are not yet taken in."""
    return Match.objects.filter(assessment__in=list(assessments), line__payment=None).order_by("pk")


def credit_in(deed) -> None:
    """What came in has reached the special account."""
    payments = Payment.objects.filter(assessment__in=list(deed.ids), credit=None).order_by("pk")
    on, slip = deed.given["credited_on"], deed.given["slip"]
    Credit.objects.bulk_create(
        Credit(payment=payment, on=on, slip=slip, act=deed.act.id) for payment in payments
    )
    moved = [Moved(payment.assessment_id, payment.fen, on) for payment in payments]
    _book(deed, EntryKind.CREDIT, moved, into=Ledger.BANK, out_of=Ledger.TRANSIT)


def pay_back(deed) -> None:
    """The refund leaves the special account."""
    moved = [Moved(pk, fen, deed.given["paid_on"]) for pk, fen in deed.rows.values_list("assessment", "fen")]
    _book(deed, EntryKind.REFUND, moved, into=Ledger.REFUNDS, out_of=Ledger.BANK)


def _book(deed, kind: EntryKind, moved: list[Moved], *, into: Ledger, out_of: Ledger) -> None:
    rows = FeeAssessment.objects.in_bulk([one.assessment for one in moved])
    accounts = dict(
        SpecialAccount.objects.filter(finance__in={row.finance_id for row in rows.values()}).values_list(
            "finance", "pk"
        )
    )
    journal.book(
        [
            journal.New(
                account=accounts[rows[one.assessment].finance_id],
                kind=kind,
                on=one.on,
                summary=rows[one.assessment].reference,
                case=rows[one.assessment].case_id,
                postings=[(into, one.fen), (out_of, -one.fen)],
            )
            for one in moved
        ],
        act=deed.act.id,
        at=deed.at,
    )
