"""What waits at the demo's administrators' desk: posts to approve, and an enterprise that asks to be registered."""

from datetime import timedelta

from django.utils import timezone

from apps.audit.streams import now
from apps.demo import town
from apps.organisations import second_person
from apps.organisations.choices import Role
from apps.organisations.proposal import Proposal

OFFICE = "445202002-RMO"
NEWCOMER = {"username": "xinxing-clerk2", "name": "苏晓彤"}
ENTERPRISE = {
    "name": "揭阳市示例印刷厂（虚构）",
    "short_name": "示例印刷厂",
    "uscc": "91445200WWDEM01628",
    "org_code": "",
    "affiliation": "CITY",
    "si_agency": "揭阳市社会保险基金管理局",
    "foreign_invested": False,
    "liaison_name": "周启明",
    "liaison_phone": "0663-0000016",
    "clerk": "周启明",
    "head": "黄伟成",
}


def fill() -> None:
    """Propose a new clerk for a street, and let an enterprise ask, where nothing has been proposed yet."""
    if Proposal.objects.exists():
        return
    since = timezone.localdate(now()) + timedelta(days=1)
    line = {
        "person": None,
        **NEWCOMER,
        "identity": "",
        "organisation": town.office(OFFICE).pk,
        "role": Role.STREET_CLERK,
        "since": since.isoformat(),
        "until": "",
    }
    second_person.propose("appoint", [line], by=town.acting("sys-admin"))
    office = town.office("445200-RMO")
    second_person.propose(
        "enterprise",
        [{**ENTERPRISE, "authority": office.pk}],
        by=None,
        office=office,
        subject=ENTERPRISE["uscc"],
    )
