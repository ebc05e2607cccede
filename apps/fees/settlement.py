"""Assessing the fee of a batch, and what a decision on it records; money in 分 as integers."""

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from apps.cases.models import Case, CaseItem
from apps.organisations.models import Organisation
from apps.policies import rules

from .models import Charge, FeeAssessment

STANDARD = "fee.standard"


def assess(machine, case: Case, *, at) -> FeeAssessment:
    """Return the unsaved assessment of a batch, a row of ``machine``.

    The amount is the standard in force that day, in 分, for each confirmed person never charged before.
    Raises ``RuleMissing`` when there is no standard on that day.
    """
    standard = rules.value(STANDARD, on=at, scope="")
    heads = chargeable(case).count()
    return machine(
        case=case,
        government=government_of(case),
        standard_id=standard.id,
        heads=heads,
        amount_fen=heads * standard.value,
        assessed_at=at,
    )


def chargeable(case: Case):
    """The confirmed people of a batch for whom nobody has ever paid."""
    charged = Charge.objects.filter(retiree=OuterRef("retiree"), void=False)
    return CaseItem.objects.filter(Q(case=case, stage="confirmed") & ~Q(Exists(charged)))


def charge(assessment: FeeAssessment) -> None:
    """Write each person's share of a new assessment; those charged before stand in it with nothing."""
    heads = max(assessment.heads, 1)
    each = assessment.amount_fen // heads
    owing = set(chargeable(assessment.case).values_list("pk", flat=True))
    confirmed = CaseItem.objects.filter(case=assessment.case, stage="confirmed").values_list(
        "pk", "retiree_id"
    )
    Charge.objects.bulk_create(
        (
            Charge(
                assessment=assessment,
                item_id=item,
                retiree_id=retiree,
                amount_fen=each if item in owing else 0,
            )
            for item, retiree in confirmed
        ),
        batch_size=5000,
    )


def government_of(case: Case) -> Organisation:
    """The government of the level the enterprise belongs to: the nearest one above its authority."""
    body = case.authority
    while body.kind not in ("CITY_GOV", "COUNTY_GOV", "MGMT_COMMITTEE"):
        body = body.parent
    return body


def record_payment(deed) -> None:
    deed.rows.update(voucher=deed.given["voucher"], paid_on=deed.given["paid_on"])


def record_exemption(deed) -> None:
    deed.rows.update(decision_number=deed.given["decision_number"])


def release_charges(deed) -> None:
    """Take people who will not be received out of assessments that are not paid yet."""
    unpaid = Charge.objects.filter(
        item__in=deed.ids, void=False, assessment__stage__in=["assessed", "notified"]
    )
    taken_out = list(unpaid.order_by().values_list("assessment", flat=True).distinct())
    unpaid.update(void=True)
    for assessment in FeeAssessment.objects.filter(pk__in=taken_out):
        left = assessment.charges.filter(void=False, amount_fen__gt=0)
        totals = left.aggregate(heads=Count("pk"), amount=Coalesce(Sum("amount_fen"), 0))
        FeeAssessment.objects.filter(pk=assessment.pk).update(
            heads=totals["heads"], amount_fen=totals["amount"]
        )


def void_charges(deed) -> None:
    Charge.objects.filter(assessment__in=deed.rows).update(void=True)
