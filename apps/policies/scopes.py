"""For whom a rule row applies where it is not for everybody: an affiliation, an ownership, a single enterprise."""

from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import Affiliation
from apps.organisations.models import Organisation

SCOPED = frozenset({"fee.standard"})
"""The keys whose rows may be for some only."""
FOREIGN = "foreign"
ORGANISATION = "organisation:"
GROUPS = {f"affiliation:{one}": one.label for one in Affiliation} | {FOREIGN: _("外商投资企业")}


def scopes_of(*, key: str, affiliation: str, foreign: bool) -> list[str]:
    """The scopes an enterprise falls under, the most special first; the general one is not among them."""
    return [f"{ORGANISATION}{key}", *([FOREIGN] if foreign else []), f"affiliation:{affiliation}"]


def said(scope: str) -> str:
    """A scope as people read it; nothing for the general one."""
    if scope.startswith(ORGANISATION):
        body = Organisation.objects.filter(key=scope.removeprefix(ORGANISATION)).first()
        return str(body or scope)
    return str(GROUPS.get(scope, scope))
