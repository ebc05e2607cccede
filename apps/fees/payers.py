"""Who pays the fee of an enterprise (六(一)): itself, or whoever stands in for one that is no more."""

from collections.abc import Iterable

from apps.organisations.choices import EnterpriseStatus, OrgKind
from apps.organisations.models import Organisation

from .models import PayerBasis

NO_MORE = (
    EnterpriseStatus.BANKRUPT,
    EnterpriseStatus.CLOSED,
    EnterpriseStatus.EXITED,
    EnterpriseStatus.EXITED_BEFORE,
)
IN_ITS_STEAD = {OrgKind.LIQUIDATOR: PayerBasis.LIQUIDATOR, OrgKind.OWNER_UNIT: PayerBasis.OWNER}


def payers(enterprises: Iterable[int]) -> dict[int, tuple[int, PayerBasis]]:
    """Return {enterprise: (who pays, why)}: of one that is no more the liquidator, else the owner, else itself."""
    wanted = set(enterprises)
    found = {enterprise: (enterprise, PayerBasis.ENTERPRISE) for enterprise in wanted}
    stand_ins = Organisation.objects.active().filter(
        acts_for__in=wanted, acts_for__enterprise__status__in=NO_MORE, kind__in=IN_ITS_STEAD
    )
    # LIQUIDATOR sorts before OWNER_UNIT, and is written last.
    for body in stand_ins.order_by("-kind", "-pk"):
        found[body.acts_for_id] = (body.pk, IN_ITS_STEAD[OrgKind(body.kind)])
    return found
