"""Which papers an act on a fee asks for: one for each assessment, payment or refund, with what only the act knows."""

from collections.abc import Iterable

from apps.fees.models import FeeAssessment, FeeRefund
from apps.fees.taking import waiting

from .kinds import Wanted


def as_assessed(deed) -> Iterable[Wanted]:
    """One for each fee, with its amounts as the act saw them: a removal may lower them later."""
    return _of(FeeAssessment.objects.filter(pk__in=deed.ids))


def of_first_assessments(deed) -> Iterable[Wanted]:
    return _of(FeeAssessment.objects.filter(pk__in=deed.ids, supplements=None))


def of_supplements(deed) -> Iterable[Wanted]:
    return _of(FeeAssessment.objects.filter(pk__in=deed.ids, supplements__isnull=False))


def _of(fees) -> Iterable[Wanted]:
    facts = ("pk", "heads", "amount_fen", "exempted_fen", "standard__value")
    return [
        Wanted(
            case,
            facts={"fee": pk, "heads": heads, "amount": amount, "exempted": exempted, "standard": standard},
        )
        for case, pk, heads, amount, exempted, standard in fees.order_by("pk").values_list("case", *facts)
    ]


def by_payment(deed) -> Iterable[Wanted]:
    """One for each line of the bank that the act takes in, numbered by the finance department."""
    lines = waiting(deed.ids).values_list(
        "assessment__case", "assessment__finance", "assessment", "line", "line__fen"
    )
    return [
        Wanted(case, finance, {"fee": fee, "line": line, "amount": fen})
        for case, finance, fee, line, fen in lines
    ]


def as_refunded(deed) -> Iterable[Wanted]:
    refunds = FeeRefund.objects.filter(pk__in=deed.ids).order_by("pk")
    return [
        Wanted(case, facts={"refund": pk, "fee": fee, "amount": fen})
        for case, pk, fee, fen in refunds.values_list("case", "pk", "assessment", "fen")
    ]
