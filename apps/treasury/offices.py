"""Who has to do with an account: its finance department, the management body beside it, and auditors."""

from django.db.models import BigIntegerField, F, Func, Q

from apps.organisations.choices import Level, OrgKind, Role
from apps.organisations.models import Organisation

from .models import SpecialAccount


class Government(Func):
    """The nearest government above a body, itself included."""

    function = "treasury_government"
    output_field = BigIntegerField()


def beside(account: SpecialAccount) -> Organisation | None:
    """The management body of the account's own government."""
    bodies = Organisation.objects.filter(kind=OrgKind.RMO, active_until=None).alias(
        mine=Government(F("id")), wanted=Government(account.finance_id)
    )
    return bodies.filter(mine=F("wanted")).order_by("id").first()


def seen_by(acting):
    """The accounts a post may read: finance its own, the management body its government's, the city's auditor all."""
    accounts = SpecialAccount.objects.select_related("finance").order_by("finance__level", "id")
    if acting is None:
        return accounts.none()
    here = acting.organisation
    if here.kind == OrgKind.FINANCE_DEPT:
        return accounts.filter(finance=here)
    if here.kind != OrgKind.RMO:
        return accounts.none()
    if acting.role == Role.AUDITOR and here.level == Level.CITY:
        return accounts
    same = accounts.alias(theirs=Government(F("finance")), ours=Government(here.pk))
    return same.filter(Q(theirs=F("ours")))
