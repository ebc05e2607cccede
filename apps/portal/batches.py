"""The batches of an enterprise, or of whoever acts for it, and the process by which it opens another."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.http import Http404

from apps.cases.models import Case
from apps.engine import registry
from apps.inbox.sight import case_or_404


@dataclass(frozen=True)
class Opening:
    """A process that this post may open, and the move that opens it."""

    process: type
    move: object

    @property
    def name(self) -> str:
        return self.process._meta.model_name

    @property
    def title(self) -> str:
        return self.process._meta.verbose_name

    def given(self, subject) -> dict:
        """What the opening move is given to open a case about a row."""
        return dict.fromkeys(self.move.asks.base_fields, subject.pk)


@dataclass(frozen=True)
class Offer:
    """One thing a process may be opened about, as the desk shows it."""

    opening: Opening
    subject: object
    key: UUID = field(default_factory=uuid4)

    @property
    def template(self) -> list[str]:
        table = self.subject._meta.concrete_model._meta.model_name
        return [f"cases/rows/{table}.html", "cases/rows/row.html"]


def offers(acting) -> list[Offer]:
    """What this post may open a case about: a fee that is owed, with the exemption from it."""
    return [
        Offer(opening, subject)
        for opening in openings(acting)
        if opening.process.subjects
        for subject in opening.process.subjects(acting)
    ]


def openings(acting) -> list[Opening]:
    """The processes whose opening move is this role's."""
    return [
        Opening(process, move)
        for process in registry.processes()
        for move in process.moves.values()
        if not move.sources and any(party.role == acting.role for party in move.parties)
    ]


def mine(acting):
    """The cases this body filed, or that concern the enterprise it is or acts for; newest first."""
    enterprise = acting.on_behalf or acting.organisation
    own = Case.objects.seen_by(acting).filter(enterprise=enterprise)
    return own.select_related("applicant", "enterprise", "authority").order_by("-pk")


def mine_or_404(number: str, acting):
    """One of one's own cases as its process; nothing is there for anybody else."""
    case = case_or_404(number, acting)
    if case.enterprise_id != (acting.on_behalf or acting.organisation).pk:
        raise Http404
    return case


def may(case, name: str, acting):
    """What the engine says of one move on a case; None where the case has no such move here."""
    return next((option for option in case.moves_for(acting) if option.move.name == name), None)
