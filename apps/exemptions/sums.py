"""What an exemption may amount to, as SQL expressions in 分."""

from django.db.models import BigIntegerField, Count, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from apps.fees.models import Charge, FeeAssessment, Payment


def outstanding(assessment: str = "exemption__assessment") -> Subquery:
    """What was assessed less what came in, of the assessment at this path."""
    paid = Payment.objects.filter(assessment=OuterRef("pk")).order_by().values("assessment")
    paid = Subquery(paid.annotate(sum=Sum("fen")).values("sum"), output_field=BigIntegerField())
    fees = FeeAssessment.objects.filter(pk=OuterRef(assessment)).order_by()
    fees = fees.annotate(left=F("amount_fen") - Coalesce(paid, Value(0), output_field=BigIntegerField()))
    return Subquery(fees.values("left"), output_field=BigIntegerField())


def heads(assessment: str = "exemption__assessment") -> Coalesce:
    """How many people stand in the assessment at this path with a share of their own."""
    shares = Charge.objects.filter(assessment=OuterRef(assessment), void=False, amount_fen__gt=0)
    counted = shares.order_by().values("assessment").annotate(heads=Count("pk")).values("heads")
    return Coalesce(Subquery(counted), Value(0))


def assets(request: str = "exemption__") -> Coalesce:
    """The assets on record: as the investigators found, or else as the applicant declared."""
    return Coalesce(F(f"{request}found_fen"), F(f"{request}assets_fen"))
