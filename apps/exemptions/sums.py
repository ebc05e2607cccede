"""What an exemption may amount to, as SQL expressions in 分."""

from django.db.models import BigIntegerField, Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from apps.fees.models import Charge, FeeAssessment
from apps.fees.standing import received


def outstanding(assessment: str = "exemption__assessment") -> Subquery:
    """What was assessed less what came in, of the assessment at this path."""
    fees = FeeAssessment.objects.filter(pk=OuterRef(assessment)).order_by()
    fees = fees.annotate(left=F("amount_fen") - received())
    return Subquery(fees.values("left"), output_field=BigIntegerField())


def heads(assessment: str = "exemption__assessment") -> Coalesce:
    """How many people stand in the assessment at this path with a share of their own."""
    shares = Charge.objects.filter(assessment=OuterRef(assessment), void=False, amount_fen__gt=0)
    counted = shares.order_by().values("assessment").annotate(heads=Count("pk")).values("heads")
    return Coalesce(Subquery(counted), Value(0))


def assets() -> Coalesce:
    """The assets on record of a case: as the investigators found, or else as the applicant declared."""
    return Coalesce(F("exemption__found_fen"), F("exemption__assets_fen"))
