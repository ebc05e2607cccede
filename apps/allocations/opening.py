"""How an allocation comes into being: for whose streets, out of whose money, and what each of them is given."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.streams import now
from apps.cases import numbers
from apps.engine.door import Refused
from apps.organisations.choices import Level, OrgKind
from apps.organisations.models import Organisation
from apps.treasury.journal import within_purpose
from apps.treasury.offices import Government

from . import reckoning
from .models import ONCE, Allocation, Kind, Share

BY_THE_COUNTY = gettext_lazy("开办费由县（市、区）财政负担")


def open_allocation(process, by, given):
    """Return the unsaved case of a management body for its own streets. Raises ``Refused``.

    A start-up grant is a county's to give (M-094); the account is spent for listed purposes only (M-092).
    """
    today = timezone.localdate(now())
    if given["kind"] == Kind.START_UP:
        if by.organisation.level != Level.COUNTY:
            raise Refused(BY_THE_COUNTY)
    else:
        within_purpose([(today, given["purpose"])])
    return process(
        number=numbers.allocate("BF", today.year),
        process=process._meta.model_name,
        flow_class=process.flow,
        applicant=by.organisation,
        authority=by.organisation,
        opened_on=today,
    )


def enter_allocation(deed, machine) -> None:
    """Write down the matter of a new case, and reckon the shares of all streets that do not have theirs yet."""
    given, body = deed.given, deed.by.organisation
    finance = finance_of(body)
    shares, rows = _reckon(given, body)
    for case in deed.ids:
        matter = Allocation.objects.create(case_id=case, finance=finance, **given)
        matter.rules.set(rows)
        about = {name: given[name] for name in ("kind", "year", "purpose")}
        deed.enter(machine, [
            machine(
                case_id=case, organisation_id=one.street, heads=one.heads, band=one.band, rule_id=one.rule,
                fen=one.fen, **about,
            )
            for one in shares
        ])  # fmt: skip


def finance_of(body: Organisation) -> Organisation:
    """The finance department of the same government as a management body. Raises ``Refused``."""
    departments = Organisation.objects.active().filter(kind=OrgKind.FINANCE_DEPT)
    beside = departments.alias(theirs=Government("id")).filter(theirs=Government(body.pk))
    found = beside.order_by("pk").first()
    if found is None:
        raise Refused(_("%(body)s的同级财政部门尚未登记") % {"body": body})
    return found


def _reckon(given, body: Organisation) -> tuple[list[reckoning.Reckoned], list[int]]:
    streets = Organisation.objects.active().filter(kind=OrgKind.STREET_RMO, superior=body)
    heads = reckoning.heads_on(given["base_date"], streets.values_list("pk", flat=True))
    if not heads:
        raise Refused(_("基准日没有由本机构所辖街道（乡镇）管理的退休人员"))
    has = Share.objects.filter(kind=given["kind"], counts=True, organisation__in=heads)
    if given["kind"] == Kind.YEARLY:
        has = has.filter(year=given["year"], purpose=given["purpose"])
    for street in has.values_list("organisation", flat=True):
        del heads[street]
    if not heads:
        raise Refused(ONCE[Kind(given["kind"])])
    return reckoning.reckon(given["kind"], heads, given["base_date"])
