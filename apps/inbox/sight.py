"""What an office may see: cases it takes part in, and in them the rows it or one of its bodies is party to."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from apps.audit.models import Event, EventItem
from apps.cases.models import Case, Evidence
from apps.documents.kinds import KINDS
from apps.engine import registry
from apps.organisations.models import Organisation

# What is noted of papers names some that not everybody who takes part may read.
PRIVATE_NOTES = ("attach", "draw_up", "void_paper", "reissue_paper")


def case_or_404(number: str, acting):
    """The case of that number as its process; 404 to whoever takes no part, for its existence is secret."""
    case = Case.objects.seen_by(acting).filter(number=number).first()
    if case is None:
        raise Http404
    return (
        registry.machine(case.process)
        .rows()
        .select_related("applicant", "authority", "enterprise")
        .get(pk=case.pk)
    )


def rows_seen(model, acting):
    """Rows that this office may see: party to them, or above a party, in a case that has reached it."""
    here = acting.organisation.pk
    if not model.case_path:
        return model.rows().filter(participants__organisation=here)
    party = Q()
    for path in model.offices.values():
        party |= Q(**{f"{path}__lineage__contains": [here]})
    return model.rows().filter(party, **{f"{model.case_path}__participants__organisation": here})


def acts_in(model, stage: str, role: str) -> list:
    """The moves somebody of this role may try on rows of a stage, in the order the process names them."""
    return [
        move
        for move in model.moves.values()
        if any(source.name == stage for source in move.sources)
        and any(party.role == role for party in move.parties)
    ]


def may_try(model, acting) -> Q:
    """Rows on which this post may try some move now, before the policy's demands are judged."""
    here, may = acting.organisation.pk, Q()
    for move in model.moves.values():
        for party in move.parties:
            if party.role == acting.role and party.known_to(model):
                tries = Q(stage__in=move.sources.names)
                tries &= Q(**{party.at(model): here})
                if move.during:
                    tries &= Q(**{f"{model.case_path}__stage__in": list(move.during)})
                may |= tries
    return may or Q(pk__in=[])


def takes_part(case, acting) -> bool:
    """Whether somebody of this role decides anything in cases of this kind; an auditor only reads."""
    models = [type(case), *(model for model in registry.machines() if model.within_case == case.process)]
    moves = [move for model in models for move in model.moves.values()]
    return any(party.role == acting.role for move in moves for party in move.parties)


def holds(case, acting) -> bool:
    """Whether a case waits on this very post's role and office."""
    holder = case.at.holder
    if holder is None or holder.role != acting.role or not holder.known_to(case):
        return False
    return case.office(holder.office) == acting.organisation


def events_of(case, acting):
    """A case's history as this office may read it, newest first: its own acts, and those on rows it sees."""
    events = Event.objects.filter(stream=case.STREAM, stream_id=case.pk)
    seen = Q(machine=case.process) | Q(organisation_id=acting.organisation.pk) | notes_seen(acting)
    if acting.organisation.pk in {*case.applicant.lineage, *case.authority.lineage}:
        seen |= Q(machine="")
    for model in registry.machines():
        if model.case_path and model.within_case == case.process:
            rows = rows_seen(model, acting).filter(**{model.case_path: case.pk}).values("pk")
            moved = EventItem.objects.filter(event=OuterRef("pk"), row_id__in=rows)
            seen |= Q(machine=model._meta.model_name) & Q(Exists(moved))
    return events.filter(seen).order_by("-seq")


def papers_of(case, acting):
    """The papers this office may read, newest first: applicant, authority and their superiors read all.

    Others read what they or their bodies attached, and what the case itself, or what they decide beside it,
    takes; what proves something about a person stays with those whose person it is.
    """
    papers = Evidence.objects.filter(case=case.pk).select_related("organisation").order_by("-pk")
    here = acting.organisation.pk
    if here in {*case.applicant.lineage, *case.authority.lineage}:
        return papers
    kinds = kinds_taken(registry.machine(case.process))
    for model in registry.machines():
        beside = model.case_path and model.within_case == case.process and not model.person
        if beside and rows_seen(model, acting).filter(**{model.case_path: case.pk}).exists():
            kinds |= kinds_taken(model)
    return papers.filter(Q(kind__in=kinds) | Q(organisation__lineage__contains=[here]))


def issued_to(papers, acting):
    """Of some issued papers those this office may read: applicant, authority and their superiors read all.

    Others read what is open to all who take part, and what they or their bodies issued or are meant to have: a
    street reads the list of its own people, never the whole roster.
    """
    here = [acting.organisation.pk]
    party = Q(kind__in=[kind.code for kind in KINDS.values() if kind.open])
    for path in ("case__applicant", "case__authority", "issuer", "about"):
        party |= Q(**{f"{path}__lineage__contains": here})
    return papers.filter(party, case__participants__organisation=here[0])


def notes_seen(acting) -> Q:
    """What is noted on cases beside their moves; of papers only those that ``papers_of`` shows to everybody
    who takes part, or to this office: a file's name may name a person.
    """
    below = Organisation.objects.filter(lineage__contains=[acting.organisation.pk])
    papers = Q(organisation_id__in=below.values("pk"))
    for model in registry.machines():
        if not model.person and (kinds := kinds_taken(model)):
            if model.case_path:
                cases = rows_seen(model, acting).values(model.case_path)
            else:
                cases = Case.objects.seen_by(acting).filter(process=model._meta.model_name).values("pk")
            papers |= Q(evidence__0__kind__in=sorted(kinds), stream_id__in=cases)
    return Q(machine="") & (~Q(move__in=PRIVATE_NOTES) | papers)


def kinds_taken(model) -> set[str]:
    """The kinds of papers that the moves of a machine take."""
    return {kind.code for move in model.moves.values() for kind in move.takes}
