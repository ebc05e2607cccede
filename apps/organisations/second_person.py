"""Changes that need a second person: proposed by one role, approved by another, applied in the approval.

What a proposal does is said by its kind, a pair of functions that its app registers with `kind`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.audit.streams import lock, now, record
from apps.organisations.acting import Acting
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, User
from apps.organisations.proposal import Decision, Proposal
from apps.organisations.refusals import NotChanged

Changes = list[dict]


@dataclass(frozen=True)
class Kind:
    """One kind of change: who proposes and approves it, what it does, how it reads, whom it concerns."""

    name: str
    title: str
    author: Role
    approver: Role
    apply: Callable[[Changes, Acting], None]
    says: Callable[[Changes], list[str]]
    concerns: Callable[[Changes], set[int]]


KINDS: dict[str, Kind] = {}


def nobody(changes: Changes) -> set[int]:
    """What most changes concern."""
    return set()


def kind(
    name: str,
    *,
    title: str,
    says: Callable[[Changes], list[str]],
    concerns: Callable[[Changes], set[int]] = nobody,
    author: Role = Role.SYS_ADMIN,
    approver: Role = Role.SEC_ADMIN,
):
    """Name a function as what a kind of proposal does: it is handed the changes and who approved them.

    `says` returns one sentence for each change; `concerns` the people whose rights it touches.
    """

    def register(function: Callable[[Changes, Acting], None]):
        KINDS[name] = Kind(name, title, author, approver, function, says, concerns)
        return function

    return register


def may_propose(name: str, acting: Acting | None) -> bool:
    """Say whether somebody acts in the role that proposes such changes."""
    return acting is not None and acting.role == KINDS[name].author


def may_decide(proposal: Proposal, acting: Acting | None) -> bool:
    """Say whether somebody acts in the role, at the office, that decides on a proposal."""
    return (
        acting is not None
        and not proposal.decision
        and acting.role == KINDS[proposal.kind].approver
        and acting.organisation.pk == proposal.office_id
    )


def propose(
    name: str, changes: Changes, *, by: Acting | None, office: Organisation | None = None, subject: str = ""
) -> Proposal:
    """Write down changes for a second person to approve; `office` decides, the author's own if none is given.

    Without `by` they come from outside, and `office` is named. What could not be applied is refused here
    already: it is tried, and undone. Raises NotChanged.
    """
    if by is not None and not may_propose(name, by):
        raise NotChanged(_("该类变更由%s提出。") % KINDS[name].author.label)
    if not changes:
        raise NotChanged(_("没有需要变更的内容。"))
    if by is not None and by.user.pk in KINDS[name].concerns(changes):
        raise NotChanged(_("任何人不得办理涉及本人权限的变更。"))
    _apply(name, changes, by, undo=True)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                kind=name,
                subject=subject,
                changes=changes,
                office=office or by.organisation,
                author=by.user if by else None,
                proposed_at=now(),
            )
            record(proposal, "propose_change", by=by, given=_facts(proposal))
    except IntegrityError:
        raise NotChanged(_("同一事项已有待批准的申请。")) from None
    return proposal


def approve(proposal: Proposal, *, by: Acting) -> Proposal:
    """Apply a proposal, as a whole or not at all. Raises NotChanged.

    Steps: lock it; judge who approves; apply the changes; note the decision.
    """
    with transaction.atomic():
        proposal = _locked(proposal)
        _judge(proposal, by)
        _judge_apart(proposal, by)
        _apply(proposal.kind, proposal.changes, by)
        _decide(proposal, Decision.APPROVED, "approve_change", by=by)
    return proposal


def refuse(proposal: Proposal, *, by: Acting, reason: str) -> Proposal:
    """Send a proposal back with a reason. Raises NotChanged."""
    if not reason:
        raise NotChanged(_("请写明退回理由。"))
    with transaction.atomic():
        proposal = _locked(proposal)
        _judge(proposal, by)
        _decide(proposal, Decision.REFUSED, "refuse_change", by=by, reason=reason)
    return proposal


def withdraw(proposal: Proposal, *, by: Acting) -> Proposal:
    """Take back one's own proposal while nobody has decided on it. Raises NotChanged."""
    with transaction.atomic():
        proposal = _locked(proposal)
        if proposal.author_id != by.user.pk:
            raise NotChanged(_("只能撤回本人提出的申请。"))
        _decide(proposal, Decision.WITHDRAWN, "withdraw_change", by=by)
    return proposal


def _locked(proposal: Proposal) -> Proposal:
    lock(Proposal, [proposal.pk])
    proposal = Proposal.objects.select_related("author", "office").get(pk=proposal.pk)
    if proposal.decision:
        raise NotChanged(_("该申请%s。") % proposal.get_decision_display())
    return proposal


def _judge(proposal: Proposal, by: Acting) -> None:
    if not may_decide(proposal, by):
        raise NotChanged(
            _("该申请由%(office)s的%(role)s审批。")
            % {"office": proposal.office.name, "role": KINDS[proposal.kind].approver.label}
        )


def _judge_apart(proposal: Proposal, by: Acting) -> None:
    """Two people, not two hats: neither the author, nor the same person by number, nor whoever it is about."""
    author = proposal.author
    if author and same_person(author, by.user):
        raise NotChanged(_("提出人不能批准自己提出的申请，请由另一人批准。"))
    if by.user.pk in KINDS[proposal.kind].concerns(proposal.changes):
        raise NotChanged(_("任何人不得办理涉及本人权限的变更。"))


def same_person(one: User, other: User) -> bool:
    """Say whether two accounts are one person's: they are the same, or of the same identity number."""
    return one.pk == other.pk or (bool(one.identity_digest) and one.identity_digest == other.identity_digest)


def _apply(name: str, changes: Changes, by: Acting | None, *, undo: bool = False) -> None:
    try:
        with transaction.atomic():
            KINDS[name].apply(changes, by)
            if undo:
                transaction.set_rollback(True)
    except IntegrityError:
        raise NotChanged(_("与现有记录冲突，请核对后重新提出。")) from None


def _decide(proposal: Proposal, decision: Decision, move: str, *, by: Acting, reason: str = "") -> None:
    proposal.decision, proposal.decided_by, proposal.decided_at = decision, by.user, now()
    proposal.reason = reason
    proposal.save(update_fields=["decision", "decided_by", "decided_at", "reason"])
    record(proposal, move, by=by, given=_facts(proposal), reason=reason)


def _facts(proposal: Proposal) -> dict:
    """The proposal as its events name it: by kind, number of changes and digest, without its contents."""
    return {
        "kind": proposal.kind,
        "count": len(proposal.changes),
        "digest": digest(proposal.changes),
    }


def digest(changes: Iterable[dict]) -> str:
    """The SHA-256 of the changes as they are kept."""
    text = json.dumps(list(changes), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
