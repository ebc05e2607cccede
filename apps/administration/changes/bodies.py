"""Changes of bodies and divisions: founded, renamed, moved, closed, redrawn."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.cases.models import Participant
from apps.jobs.queue import enqueue
from apps.organisations import boundaries, offices
from apps.organisations.choices import Level, OrgKind
from apps.organisations.models import Division, Organisation
from apps.organisations.refusals import NotChanged
from apps.organisations.second_person import Changes, kind
from apps.retirees.models import ManagementInterval

LEVELS = {
    OrgKind.STREET_RMO: Level.STREET,
    OrgKind.COMMUNITY_STATION: Level.COMMUNITY,
    OrgKind.CITY_GOV: Level.CITY,
    OrgKind.COUNTY_GOV: Level.COUNTY,
    OrgKind.MGMT_COMMITTEE: Level.COUNTY,
}


def _says_found(changes: Changes) -> list[str]:
    sentence = _("自%(since)s起设立%(name)s（%(kind)s，批复%(approval)s）")
    return [
        sentence
        % {
            "since": line["active_from"],
            "name": line["name"],
            "kind": OrgKind(line["kind"]).label,
            "approval": line["approval_number"] or "—",
        }
        for line in changes
    ]


@kind("found", title=gettext_lazy("设立机构"), says=_says_found)
def found(changes: Changes, by) -> None:
    """Found bodies, each at its place in the tree."""
    above = Organisation.objects.in_bulk({line["superior"] for line in changes if line["superior"]})
    divisions = dict(Division.objects.order_by("valid").values_list("code", "pk"))
    bodies, places = [], {}
    for line in changes:
        superior = above.get(line["superior"])
        guide = offices.GUIDES.get(line["kind"])
        if superior and superior.kind != guide:
            raise NotChanged(
                _("%(body)s不能由%(superior)s指导。") % {"body": line["name"], "superior": superior}
            )
        if superior:
            places[line["key"]] = {"superior": superior.key, "parent": superior.key}
        bodies.append(_body(line, divisions))
    offices.found(bodies, by=by, above=places)


def _body(line: dict, divisions: dict[str, int]) -> Organisation:
    approved_on = line["approval_date"]
    return Organisation(
        key=line["key"],
        kind=line["kind"],
        level=LEVELS.get(line["kind"], Level.COUNTY if line["superior"] else Level.CITY),
        name=line["name"],
        short_name=line["short_name"],
        division_id=divisions.get(line["division"]),
        community=line["community"],
        active_from=date.fromisoformat(line["active_from"]),
        approval_number=line["approval_number"],
        approval_date=date.fromisoformat(approved_on) if approved_on else None,
        authorised_posts=line["authorised_posts"],
    )


def _says_rename(changes: Changes) -> list[str]:
    return _say(changes, _("%(body)s自%(on)s起更名为%(name)s"))


@kind("rename", title=gettext_lazy("机构更名"), says=_says_rename)
def rename(changes: Changes, by) -> None:
    """Give bodies other names."""
    for line in changes:
        offices.rename(_of(line), line["name"], by=by, on=date.fromisoformat(line["on"]))


def _says_move(changes: Changes) -> list[str]:
    superiors = Organisation.objects.in_bulk({line["superior"] for line in changes})
    told = [{**line, "superior": superiors[line["superior"]].name} for line in changes]
    return _say(told, _("%(body)s连同下级机构划归%(superior)s指导"))


@kind("move", title=gettext_lazy("机构划转"), says=_says_move)
def move(changes: Changes, by) -> None:
    """Put bodies under others; who may see which case is then worked out anew in the background."""
    for line in changes:
        offices.move(_of(line), Organisation.objects.get(pk=line["superior"]), by=by)
    enqueue("administration.participants", by=by)


def _says_close(changes: Changes) -> list[str]:
    return _say(changes, _("自%(on)s起撤销%(body)s（%(reason)s）"))


@kind("close", title=gettext_lazy("撤销机构"), says=_says_close)
def close(changes: Changes, by) -> None:
    """Close bodies for which nothing waits and that look after nobody."""
    for line in changes:
        body = _of(line)
        in_care = ManagementInterval.objects.filter(period__upper_inf=True)
        if in_care.filter(manager=body).exists() or in_care.filter(station=body).exists():
            raise NotChanged(_("%s仍有在管退休人员，请先办理转移。") % body.name)
        if Participant.objects.filter(organisation=body, open=True).exists():
            raise NotChanged(_("%s仍有待办事项，请先办结。") % body.name)
        offices.close(body, by=by, on=date.fromisoformat(line["on"]), reason=line["reason"])


def _says_division(changes: Changes) -> list[str]:
    return [
        (_("自%(on)s起行政区划%(code)s为%(name)s") if line["name"] else _("自%(on)s起撤销行政区划%(code)s"))
        % line
        for line in changes
    ]


@kind("division", title=gettext_lazy("行政区划变更"), says=_says_division)
def redraw(changes: Changes, by) -> None:
    """Let divisions be otherwise from a day on."""
    for line in changes:
        boundaries.redraw(**{**line, "on": date.fromisoformat(line["on"])})


def _of(line: dict) -> Organisation:
    return Organisation.objects.select_related("superior").get(pk=line["organisation"])


def _say(changes: Changes, sentence: str) -> list[str]:
    bodies = Organisation.objects.in_bulk({line["organisation"] for line in changes})
    return [sentence % {**line, "body": bodies[line["organisation"]].name} for line in changes]
