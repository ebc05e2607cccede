"""How an exemption comes into being: who may ask for it, for which fee, and who will be asked about it."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.streams import now
from apps.cases import numbers
from apps.engine.door import Refused
from apps.fees.models import WAITING, FeeAssessment
from apps.fees.payers import NO_MORE
from apps.organisations.choices import GOVERNMENTS, OrgKind, Role
from apps.organisations.models import Organisation, Post
from apps.policies import keys, rules

from .models import ExemptionRequest


def open_exemption(process, by, given):
    """Return the unsaved case of whoever owes the fee, or acts for the enterprise that does. Raises ``Refused``."""
    fee, enterprise = given["assessment"], by.on_behalf or by.organisation
    if fee.case.enterprise_id != enterprise.pk:
        raise Refused(_("只能为本单位或所代表企业的经费申请豁免"))
    today = timezone.localtime(now()).date()
    return process(
        number=numbers.allocate("HM", today.year),
        process=process._meta.model_name,
        flow_class=process.flow,
        applicant=by.organisation,
        enterprise=enterprise,
        authority=fee.case.authority,
        opened_on=today,
    )


def owed_by(acting):
    """The fees for which this body may ask an exemption: of an enterprise that is no more, due, not asked for yet."""
    enterprise = acting.on_behalf or acting.organisation
    gone = FeeAssessment.objects.filter(case__enterprise__enterprise__status__in=NO_MORE)
    due = gone.filter(case__enterprise=enterprise, stage__in=WAITING)
    return due.exclude(exemptions__open=True).select_related("case").order_by("-pk")


def enter_request(deed) -> None:
    """Write down which fee the new case is about and, by the setting of the day, who decides it."""
    fee = FeeAssessment.objects.select_related("government__parent", "case__enterprise__enterprise").get(
        pk=deed.given["assessment"].pk
    )
    ExemptionRequest.objects.bulk_create(
        ExemptionRequest(case_id=case, assessment=fee, **vars(route(fee, deed.by.organisation, at=deed.at)))
        for case in deed.ids
    )


@dataclass(frozen=True)
class Route:
    """The bodies a request goes through, by id, and the rule row that says which government decides."""

    setting_id: int
    labour_id: int
    owner_id: int
    government_id: int | None
    reviewer_id: int | None


def route(fee: FeeAssessment, applicant: Organisation, *, at) -> Route:
    """Return who is asked about a fee, and which government decides by the setting of that moment.

    A county-level body without a department of its own is served by the city's. What the city government
    decides is reconsidered there by another person, for the province has no desk here.
    """
    enterprise = fee.case.enterprise.enterprise
    setting = rules.value(f"exemption.government.{enterprise.affiliation}", on=at)
    own = fee.government
    city = own.parent if own.kind != OrgKind.CITY_GOV and own.parent else own
    government = {keys.OWN_LEVEL: own, keys.CITY_LEVEL: city}.get(setting.value)
    above = government.parent if government and government.parent else government
    reviewer = above if above and above.kind in GOVERNMENTS else government
    return Route(
        setting_id=setting.id,
        labour_id=_department(OrgKind.LABOUR_DEPT, own, city),
        owner_id=_owner_unit(enterprise.organisation_id, applicant) or _department(OrgKind.SASAC, own, city),
        government_id=government and government.pk,
        reviewer_id=reviewer and reviewer.pk,
    )


def _department(kind: str, own: Organisation, city: Organisation) -> int:
    found = dict(
        Organisation.objects.active().filter(kind=kind, parent__in=[own, city]).values_list("parent", "pk")
    )
    if not found:
        raise Refused(_("%(body)s尚未登记%(kind)s") % {"body": own, "kind": OrgKind(kind).label})
    return found.get(own.pk) or found[city.pk]


def _owner_unit(enterprise: int, applicant: Organisation) -> int | None:
    """The enterprise's owner unit, where it has somebody to give an opinion and does not itself apply."""
    liaisons = Post.objects.held().filter(
        role=Role.DEPT_LIAISON, organisation__kind=OrgKind.OWNER_UNIT, organisation__acts_for=enterprise
    )
    return liaisons.exclude(organisation=applicant).values_list("organisation", flat=True).first()
