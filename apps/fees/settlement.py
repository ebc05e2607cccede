"""Assessing the fee of a batch, and what a decision on it records; money in 分 as integers."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.cases.models import Case
from apps.organisations.models import Organisation
from apps.policies import rules

from .models import Charge, FeeAssessment

STANDARD = "fee.standard"
GOVERNMENTS = ("CITY_GOV", "COUNTY_GOV", "MGMT_COMMITTEE")


def assess(machine, cases: Sequence[Case], confirmed, *, at) -> list[FeeAssessment]:
    """Return the unsaved assessment of each batch, a row of ``machine``; ``confirmed`` are the people of all.

    The amount is the standard in force that day, in 分, for each of them never charged before.
    Raises ``RuleMissing`` when there is no standard on that day.
    """
    standard = rules.value(STANDARD, on=at, scope="")
    heads = Counter(chargeable(confirmed).values_list("case", flat=True))
    governments = governments_over(case.authority_id for case in cases)
    return [
        machine(
            case=case,
            government_id=governments[case.authority_id],
            standard_id=standard.id,
            heads=heads[case.pk],
            amount_fen=heads[case.pk] * standard.value,
            assessed_at=at,
        )
        for case in cases
    ]


def chargeable(people):
    """Those people for whom nobody has ever paid."""
    charged = Charge.objects.filter(retiree=OuterRef("retiree"), void=False)
    return people.filter(~Q(Exists(charged)))


def charge(assessments: Sequence[FeeAssessment], confirmed) -> None:
    """Write each person's share of the new assessments; those charged before stand in them with nothing."""
    of_case = {assessment.case_id: assessment for assessment in assessments}
    each = {one.case_id: one.amount_fen // max(one.heads, 1) for one in assessments}
    owing = set(chargeable(confirmed).values_list("pk", flat=True))
    Charge.objects.bulk_create(
        (
            Charge(
                assessment=of_case[case],
                item_id=item,
                retiree_id=retiree,
                amount_fen=each[case] if item in owing else 0,
            )
            for case, item, retiree in confirmed.order_by("pk").values_list("case", "pk", "retiree")
        ),
        batch_size=5000,
    )


def governments_over(bodies: Iterable[int]) -> dict[int, int]:
    """Return {body: the nearest government above it}; a statement for each step up."""
    above = {body: body for body in bodies}
    while True:
        known = Organisation.objects.in_bulk(set(above.values()))
        further = {
            body: known[at].parent_id for body, at in above.items() if known[at].kind not in GOVERNMENTS
        }
        if not further:
            return above
        above |= further


def record_payment(deed) -> None:
    deed.rows.update(voucher=deed.given["voucher"], paid_on=deed.given["paid_on"])


def record_exemption(deed) -> None:
    deed.rows.update(decision_number=deed.given["decision_number"])


def release(items: Iterable[int], *, unpaid: Sequence[str]) -> None:
    """Take people who will not be received out of assessments that are not paid yet, and sum these anew."""
    charges = Charge.objects.filter(item__in=items, void=False, assessment__stage__in=unpaid)
    touched = set(charges.values_list("assessment", flat=True))
    charges.update(void=True)
    left = Charge.objects.filter(assessment=OuterRef("pk"), void=False, amount_fen__gt=0)
    left = left.order_by().values("assessment")
    FeeAssessment.objects.filter(pk__in=touched).update(
        heads=Coalesce(Subquery(left.values(heads=Count("pk"))), 0),
        amount_fen=Coalesce(Subquery(left.values(fen=Sum("amount_fen")), output_field=BigIntegerField()), 0),
    )


def void_charges(deed) -> None:
    Charge.objects.filter(assessment__in=deed.rows).update(void=True)
