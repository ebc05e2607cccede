"""Money that comes in for assessments, reaches the special account, and goes back; each act books what it moves."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from apps.treasury import journal
from apps.treasury.models import Entry, EntryKind

from .models import Credit, FeeAssessment, Match, Payment


class Moved(NamedTuple):
    """So much that is booked for one assessment, on a day; what came by a line of the bank names it."""

    assessment: int
    fen: int
    on: date
    line: int | None = None


def take_in(deed) -> None:
    """Take in every line of the bank that is matched with these assessments: a payment each, and its entry.

    What had waited in the account as nobody's is there already: it is assigned, and needs no crediting.
    """
    matches = list(waiting(deed.ids).select_related("line"))
    payments = Payment.objects.bulk_create(
        Payment(
            assessment_id=match.assessment_id,
            line=match.line,
            fen=match.line.fen,
            act=deed.act.id,
            taken_at=deed.at,
        )
        for match in matches
    )
    there = set(
        Entry.objects.filter(
            kind=EntryKind.UNIDENTIFIED, line__in=[match.line_id for match in matches]
        ).values_list("line", flat=True)
    )
    Credit.objects.bulk_create(
        Credit(payment=payment, on=payment.line.on, slip=payment.line.serial, act=deed.act.id)
        for payment in payments
        if payment.line_id in there
    )
    moved = [Moved(one.assessment_id, one.fen, one.line.on, one.line_id) for one in payments]
    _book(deed, EntryKind.RECEIPT, [one for one in moved if one.line not in there])
    _book(deed, EntryKind.ASSIGNMENT, [one for one in moved if one.line in there])


def waiting(assessments: Iterable[int]):
    """The lines matched with some assessments that are not yet taken in, held so that nobody takes them back."""
    matches = Match.objects.filter(assessment__in=list(assessments), line__payment=None)
    return matches.select_for_update(of=["self"]).order_by("pk")


def credit_in(deed) -> None:
    """What came in has reached the special account."""
    payments = Payment.objects.filter(assessment__in=list(deed.ids), credit=None).order_by("pk")
    on, slip = deed.given["credited_on"], deed.given["slip"]
    Credit.objects.bulk_create(
        Credit(payment=payment, on=on, slip=slip, act=deed.act.id) for payment in payments
    )
    _book(deed, EntryKind.CREDIT, [Moved(payment.assessment_id, payment.fen, on) for payment in payments])


def pay_back(deed) -> None:
    """The refund leaves the special account."""
    refunds = deed.rows.order_by("pk").values_list("assessment", "fen")
    _book(deed, EntryKind.REFUND, [Moved(pk, fen, deed.given["paid_on"]) for pk, fen in refunds])


def _book(deed, kind: EntryKind, moved: list[Moved]) -> None:
    """Book one entry for each, in the account of the assessment's own level."""
    rows = FeeAssessment.objects.select_related("finance__special_account").in_bulk(
        {one.assessment for one in moved}
    )
    journal.book(
        [
            journal.moving(
                kind,
                one.fen,
                account=rows[one.assessment].finance.special_account.pk,
                on=one.on,
                summary=rows[one.assessment].reference,
                case=rows[one.assessment].case_id,
                line=one.line,
            )
            for one in moved
        ],
        act=deed.act.id,
        at=deed.at,
    )
