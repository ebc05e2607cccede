"""What may be done with an issued paper: print it, declare it void, put a corrected one in its place."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.audit.streams import lock, now, record
from apps.cases.models import Case
from apps.engine.door import Refused
from apps.jobs.queue import enqueue
from apps.organisations.choices import Role

from .kinds import KINDS, RENDER, Wanted, number
from .making import content
from .models import Paper, Printing, Voiding

# Whoever signs for an office also takes back what it issued.
MAY_VOID = (Role.RMO_HEAD, Role.STREET_HEAD, Role.ENT_HEAD, Role.GOV_APPROVER)


@transaction.atomic
def hand_out(paper: Paper, *, by, reason: str = "") -> bytes:
    """Return a copy's bytes and enter it in the print register; an office that prints again says why.

    Raises ``Refused`` when the paper is void or not drawn up yet, or a reason is missing.
    """
    reason = reason.strip()
    lock(Case, [paper.case_id])  # so that two who print at the same moment get two copies
    if Voiding.objects.filter(paper=paper).exists():
        raise Refused(_("文书已作废，不能打印"))
    if not hasattr(paper, "file"):
        raise Refused(_("文书正在制作，请稍候"))
    if len(reason) < 2 and paper.printings.filter(organisation=by.organisation).exists():
        raise Refused(_("贵单位已打印过该文书，再次打印请写明理由"))
    _note(paper, "print_paper", by.user, by=by, reason=reason)
    copy = (paper.printings.aggregate(last=Max("copy"))["last"] or 0) + 1
    Printing.objects.create(
        paper=paper, user=by.user, organisation=by.organisation, reason=reason[:200], copy=copy
    )
    return content(paper.file)


def may_void(paper: Paper, by) -> bool:
    """Whether somebody signs for the office that issued a paper which still holds."""
    stands = not hasattr(paper, "voiding") and not hasattr(paper, "replaced_by")
    return stands and by.organisation.pk == paper.issuer_id and by.role in MAY_VOID


@transaction.atomic
def void(paper: Paper, *, by, reason: str) -> Voiding:
    """Declare a paper void; its number stays taken. Raises ``Refused``."""
    _take_back(paper, by, reason)
    _note(paper, "void_paper", Case(pk=paper.case_id), by=by, reason=reason)
    return Voiding.objects.create(
        paper=paper, user=by.user, organisation=by.organisation, reason=reason[:200]
    )


@transaction.atomic
def reissue(paper: Paper, *, by, reason: str) -> Paper:
    """Put a corrected paper, with a number of its own, in the place of one that was wrong. Raises ``Refused``."""
    _take_back(paper, by, reason)
    _note(paper, "reissue_paper", Case(pk=paper.case_id), by=by, reason=reason)
    kind = KINDS[paper.kind]
    wanted = Wanted(paper.case_id, paper.about_id, paper.facts)
    number(kind, [wanted], actor=paper.issuer_id, act=paper.act, at=now(), replaces=paper.pk)
    enqueue(RENDER, given={"act": str(paper.act), "kind": paper.kind}, by=by, case=paper.case_id)
    return Paper.objects.get(replaces=paper)


def _take_back(paper: Paper, by, reason: str) -> None:
    # The case's row first, as every act does: two who take back the same paper come one after the other.
    lock(Case, [paper.case_id])
    if len(reason.strip()) < 2:
        raise Refused(_("请写明理由，至少两个字"))
    if not may_void(Paper.objects.select_related("voiding", "replaced_by").get(pk=paper.pk), by):
        raise Refused(_("只有制发单位的负责人可以作废或更正仍然有效的文书"))


def _note(paper: Paper, what: str, stream, *, by, reason: str) -> None:
    digest = paper.file.digest if hasattr(paper, "file") else ""
    record(
        stream, what, by=by, reason=reason.strip(), given={"paper": paper.label},
        evidence=[{"kind": paper.kind, "digest": digest}],
    )  # fmt: skip
