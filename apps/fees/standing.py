"""Where an assessment stands, in 分: what is due, what came in, what the bank has announced; never stored."""

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from apps.treasury import journal
from apps.treasury.models import Reconciliation

from .models import Credit, FeeRefund, Match, Payment

DUE = F("amount_fen") - F("exempted_fen")


def received() -> Coalesce:
    """What came in, less what went back."""
    return _sum(Payment, "fen") - _sum(FeeRefund, "fen", stage="paid")


def announced() -> Coalesce:
    """What lines of the bank not yet taken in are matched with it."""
    return _sum(Match, "line__fen", line__payment=None)


def _sum(model, column: str, **facts) -> Coalesce:
    rows = model._base_manager.filter(assessment=OuterRef("pk"), **facts).order_by().values("assessment")
    total = Subquery(rows.values(total=Sum(column)), output_field=BigIntegerField())
    return Coalesce(total, Value(0, BigIntegerField()))


def account_holds(given) -> Q:
    """The account of the assessment's finance department holds what a refund asks for."""
    return Q(GreaterThanOrEqual(journal.held_by("assessment__finance"), F("fen")))


# Conditions of the collection's moves; functions, for they are written while the tables are still being declared.


def something_announced(given) -> Q:
    return Q(GreaterThan(announced(), Value(0)))


def announced_covers(given) -> Q:
    """What came in and what the bank has announced is all that is due."""
    return Q(GreaterThanOrEqual(received() + announced(), DUE))


def received_covers(given) -> Q:
    return Q(GreaterThanOrEqual(received(), DUE))


def in_transit(given) -> Q:
    """Something came in that was not yet seen in the special account."""
    return Q(Exists(Payment.objects.filter(assessment=OuterRef("pk"), credit=None)))


def months_signed(given) -> Q:
    """Every month in which something was credited is reconciled and signed by both sides."""
    signed = Reconciliation.objects.filter(
        Reconciliation.LOCKED,
        account__finance=OuterRef("payment__assessment__finance"),
        month=OuterRef("month"),
    )
    credits = Credit.objects.filter(payment__assessment=OuterRef("pk")).annotate(month=TruncMonth("on"))
    return ~Q(Exists(credits.exclude(Exists(signed))))


def received_too_much(given) -> Q:
    return Q(GreaterThan(received(), DUE))


def nothing_received(given) -> Q:
    return ~Q(GreaterThan(received(), Value(0)))
