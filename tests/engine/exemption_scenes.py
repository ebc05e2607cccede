"""Two exemptions on their way, shown at each point where there is something new to decide.

Of a county's enterprise: what its government decides, the city's reconsiders.
"""

from collections.abc import Iterator

from apps.documents.exemption_papers import GovernmentMinutes, HearingRecord
from apps.fees.models import FeeAssessment
from tests.worlds import World, today
from workflows.models import FeeExemption
from workflows.rehearsals.exemption import ExemptionRehearsal

COUNTY_ENTERPRISE = "ENT-008"
GRANT = {"decision_number": "揭西府函〔2026〕8号", "grounds": "经查明符合条件"}


def opened(world: World) -> ExemptionRehearsal:
    """An application about the fee of a bankrupt enterprise, just opened."""
    batch = world.batch("clearing", 1, enterprise=COUNTY_ENTERPRISE)
    rehearsal = ExemptionRehearsal(world.office(COUNTY_ENTERPRISE))
    rehearsal.apply(FeeAssessment.objects.get(case=batch.pk))
    return rehearsal


def exemption_scenes(world: World) -> Iterator[tuple[str, FeeExemption]]:
    """Yield (name, case) at each point: one refused, granted on reconsideration and revoked; one granted in part."""
    one = opened(world)
    one.declare()
    one.prove()
    yield "draft", one.case
    one.sign()
    yield "submitted", one.case
    clerk = one.authority("RMO_CLERK")
    one.perform("correct", clerk, reason_code="status")
    yield "correction", one.case
    one.perform("resubmit", one.applicant("ENT_HEAD"))
    one.accept()
    yield "accepted", one.case
    one.investigate()
    yield "investigating", one.case
    one.report()
    yield "reported", one.case
    reviewer = one.authority("RMO_REVIEWER")
    one.perform("publicise", reviewer)
    yield "publicised", one.case
    one.perform("look_again", reviewer, reason="有人反映尚有仓库一处")
    one.report()
    one.conclude()
    yield "opinions asked", one.case
    one.finance_opines()
    one.owner_opines(agrees=False)
    yield "both opinions, finance first", one.case
    one.send_up()
    yield "before the government", one.case
    government = one.office("government", "GOV_APPROVER")
    one.perform(
        "reject", government, reason_code="evidence", given={"decision_number": "揭西府函〔2026〕7号"}
    )
    yield "rejected", one.case
    one.perform("appeal", one.applicant("ENT_HEAD"), given={"grounds": "请求变更"})
    yield "reconsidering", one.case
    one.perform("change", one.office("reviewer", "GOV_APPROVER"), given=GRANT)
    yield "approved", one.case
    one.file()
    yield "filed", one.case
    city = one.office("decider", "GOV_APPROVER")
    world.attach(one.case, HearingRecord, by=city)
    revocation = {"decision_number": "揭府函〔2026〕9号", "heard_on": today()}
    one.perform("revoke", city, reason_code="assets", given=revocation)
    yield "revoked", one.case

    two = opened(world)
    for act in (
        two.submit, two.accept, two.investigate, two.report, two.conclude, two.owner_opines, two.finance_opines,
    ):  # fmt: skip
        act()
    yield "both opinions, owner first", two.case
    two.send_up()
    government = two.office("government", "GOV_APPROVER")
    world.attach(two.case, GovernmentMinutes, by=government)
    two.perform("part_approve", government, given=GRANT | {"amount": 500})
    yield "granted in part", two.case
