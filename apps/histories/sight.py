"""Which events an office may read: of cases it takes part in, and in them of the rows it may see.

An auditor reads, beside these, what happened to the bodies, posts and people of the area, and to the rules. The
audit administrator reads what was administered everywhere, and nothing of a case.
"""

from django.db.models import Q

from apps.audit.models import Event, EventItem
from apps.cases.models import Case
from apps.engine import registry
from apps.inbox.sight import notes_seen, rows_seen
from apps.organisations.choices import ENTERPRISE_SIDE, Role
from apps.organisations.models import Organisation, Post, User
from apps.organisations.proposal import Proposal
from apps.policies.models import Rule
from apps.retirees.models import Retiree

BUSINESS, READINGS, BODIES, RULES = "business", "readings", "bodies", "rules"
ACCOUNTS, PROPOSALS = "accounts", "proposals"
KINDS_OF = {
    Role.AUDITOR: (BUSINESS, READINGS, BODIES, RULES),
    Role.AUDIT_ADMIN: (PROPOSALS, ACCOUNTS, BODIES, RULES),
}
# What is done to accounts; what people searched for and read is the business of their own area's auditor.
OF_ACCOUNTS = (
    "signed_in",
    "signed_out",
    "enrol",
    "invite",
    "show_link",
    "show_code",
    "password_set",
    "dismiss",
    "end_sessions",
    "unlock",
    "verify",
)


def kinds_seen(acting) -> tuple[str, ...]:
    """The kinds of events somebody may choose among, the usual one first."""
    return KINDS_OF.get(acting.role, (BUSINESS,))


def events_seen(acting, kind: str = BUSINESS):
    """The events of one kind that somebody acting in this post may read."""
    if kind not in kinds_seen(acting):
        return Event.objects.none()
    return Event.objects.filter(_OF_KIND[kind](acting))


def any_event_seen(acting, pk: int) -> Event | None:
    """One event of whatever kind, if this post may read it."""
    for kind in kinds_seen(acting):
        if found := events_seen(acting, kind).filter(pk=pk).first():
            return found
    return None


def may_verify(acting, stream: str, stream_id: int) -> bool:
    """Whether somebody may have a stream verified: a case's by whoever sees it, others by whom they show."""
    if stream == Case.STREAM:
        return Case.objects.seen_by(acting).filter(pk=stream_id).exists()
    return any(
        events_seen(acting, kind).filter(stream=stream, stream_id=stream_id).exists()
        for kind in kinds_seen(acting)
    )


def machines_about(acting):
    """Yield (machine, rows this office may see) for every machine whose rows belong to a person."""
    for model in registry.machines():
        if model.person:
            yield model, rows_seen(model, acting)


def sees(acting, retiree: Retiree) -> bool:
    """Whether the office may see a person: by a row of theirs, or because it looks after them now."""
    if any(rows.filter(**{model.person: retiree}).exists() for model, rows in machines_about(acting)):
        return True
    now = retiree.intervals.filter(period__upper_inf=True)
    here = acting.organisation.pk
    return now.filter(Q(manager__lineage__contains=[here]) | Q(station=here)).exists()


def intervals_seen(acting, retiree: Retiree):
    """Who managed a person, newest first; an enterprise learns of its own time only, not of what came after."""
    intervals = retiree.intervals.select_related("manager", "station").order_by("-period")
    if acting.organisation.kind in ENTERPRISE_SIDE:
        return intervals.filter(manager=(acting.on_behalf or acting.organisation).pk)
    return intervals


def _of_cases(acting) -> Q:
    """Acts on the case itself, the office's own acts, and acts on rows it may see."""
    here = acting.organisation.pk
    cases = Case.objects.seen_by(acting)
    # Whoever applies, decides, or stands above one of the two is party to every row of a case.
    whole = cases.filter(Q(applicant=here) | Q(authority__lineage__contains=[here])).values("pk")
    processes = [model._meta.model_name for model in registry.processes()]
    seen = Q(stream=Case.STREAM, stream_id__in=cases.values("pk"))
    seen &= Q(machine__in=processes) | notes_seen(acting)
    seen |= Q(stream=Case.STREAM, stream_id__in=whole)
    for model in registry.machines():
        if not model.case_path:
            continue
        # Not correlated: the office's rows are few beside the rows of the great acts that moved them.
        rows = rows_seen(model, acting).values("pk")
        theirs = Q(organisation_id=here) | Q(pk__in=EventItem.objects.filter(row_id__in=rows).values("event"))
        stream = registry.anchor_model(model).STREAM
        place = Q(stream=stream, machine=model._meta.model_name)
        if stream == Case.STREAM:
            place &= Q(stream_id__in=cases.values("pk"))
        seen |= place & theirs
    return seen


def _of_bodies(acting) -> Q:
    """What happened to bodies and posts; files, whose anchor is a body too, are a machine's business."""
    return Q(stream=Organisation.STREAM, machine="", stream_id__in=_area(acting).values("pk"))


def _area(acting):
    """The bodies an office guides, with the enterprises that file with them and whoever acts for those."""
    if acting.role == Role.AUDIT_ADMIN:
        return Organisation.objects.all()
    here = [acting.organisation.pk]
    return Organisation.objects.filter(
        Q(lineage__contains=here)
        | Q(enterprise__authority__lineage__contains=here)
        | Q(acts_for__enterprise__authority__lineage__contains=here)
    )


def _by_people_of(acting) -> Q:
    """What people of the area did in a post of it, or before taking one: signing in, for one."""
    area = _area(acting).values("pk")
    people = Post.objects.filter(organisation__in=area).values("user")
    theirs = Q(organisation_id__in=area) | Q(organisation_id=None, stream_id__in=people)
    return Q(stream=User.STREAM) & theirs


_OF_KIND = {
    BUSINESS: _of_cases,
    READINGS: _by_people_of,
    BODIES: _of_bodies,
    RULES: lambda acting: Q(stream=Rule.STREAM),
    ACCOUNTS: lambda acting: Q(stream=User.STREAM, move__in=OF_ACCOUNTS),
    PROPOSALS: lambda acting: Q(stream=Proposal.STREAM),
}
