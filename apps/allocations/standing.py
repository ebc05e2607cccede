"""Where an allocation stands, as conditions of its moves; amounts in 分."""

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat
from django.db.models.lookups import GreaterThanOrEqual

from apps.organisations.choices import Level
from apps.organisations.models import today
from apps.policies.models import Rule
from apps.treasury import journal
from apps.treasury.models import SpecialAccount

from .models import Kind, Share

FROM_THE_ACCOUNT = Q(allocation__kind=Kind.YEARLY)


def total(case: str = "pk") -> Coalesce:
    """What all streets of the case at this path are given together."""
    shares = Share._base_manager.filter(case=OuterRef(case), counts=True).order_by().values("case")
    return _sum(shares, "fen")


def account_holds(given) -> Q:
    """The special account of the level holds what is to be paid out of it; a start-up grant takes nothing there."""
    return ~FROM_THE_ACCOUNT | Q(GreaterThanOrEqual(journal.held_by("allocation__finance"), total()))


def account_kept(given) -> Q:
    accounts = SpecialAccount.objects.filter(finance=OuterRef("allocation__finance"))
    return ~FROM_THE_ACCOUNT | Q(Exists(accounts))


def purpose_allowed(given) -> Q:
    """The account may be spent for this purpose today (M-092); a start-up grant does not touch it."""
    rows = Rule.objects.filter(
        approved_at__isnull=False,
        scope="",
        valid__contains=today(),
        key=Concat(Value("spending."), OuterRef("allocation__purpose")),
        value=1,
    )
    return ~FROM_THE_ACCOUNT | Q(Exists(rows))


def paid_by_the_county(given) -> Q:
    """A start-up grant is borne by a county's finance, never the city's (M-094)."""
    return FROM_THE_ACCOUNT | Q(allocation__finance__level=Level.COUNTY)


def streets_left(given) -> Q:
    return Q(Exists(Share._base_manager.filter(case=OuterRef("pk"), counts=True)))


def within_the_share(given) -> Q:
    used = Value(int(given["used"] * 100), BigIntegerField())
    return Q(GreaterThanOrEqual(F("fen"), used))


def _sum(rows, column: str) -> Coalesce:
    summed = Subquery(rows.values(total=Sum(column)).values("total"), output_field=BigIntegerField())
    return Coalesce(summed, Value(0, BigIntegerField()))
