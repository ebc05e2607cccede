"""Months of an account: prepared by finance, its differences explained, signed by both sides, then locked for good."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.streams import lock, now, record
from apps.engine.door import Refused
from apps.organisations.choices import Role
from apps.organisations.second_person import same_person

from . import journal, offices
from .models import (
    Difference,
    DifferenceKind,
    Entry,
    EntryKind,
    Ledger,
    Posting,
    Reconciliation,
    SpecialAccount,
    StatementLine,
)

BOOKED = (EntryKind.RECEIPT, EntryKind.UNIDENTIFIED, EntryKind.INTEREST)
SETTLED = (EntryKind.ASSIGNMENT, EntryKind.RETURN)


def prepare(account: SpecialAccount, month: dt.date, *, bank_fen: int, by) -> Reconciliation:
    """Write down a month as the book has it, against the bank's balance, with its differences. Raises ``Refused``.

    Prepared anew it is to be signed anew; what was said of a difference that stands stays said.
    """
    if by.role != Role.FISCAL_OFFICER or by.organisation.pk != account.finance_id:
        raise Refused(_("月度对账由本财政部门的财政专户管理员编制"))
    month = month.replace(day=1)
    if last_day(month) >= timezone.localdate(now()):
        raise Refused(_("%(month)s尚未结束，不能对账") % {"month": f"{month:%Y-%m}"})
    with transaction.atomic():
        lock(SpecialAccount, [account.pk])
        _after_the_one_before(account, month)
        found = Reconciliation.objects.filter(account=account, month=month).first()
        if found and found.locked:
            raise Refused(_("%(month)s已对账锁定，不再改动") % {"month": found})
        facts = {
            "figures": asdict(journal.figures(account, month, last_day(month))),
            "bank_fen": bank_fen,
            "prepared_by": by.user,
            "prepared_at": now(),
            "reviewed_by": None,
            "reviewed_at": None,
            "agreed_by": None,
            "agreed_at": None,
        }
        made, _new = Reconciliation.objects.update_or_create(account=account, month=month, defaults=facts)
        said = {(one.kind, one.case_id, one.line_id): one.note for one in made.differences.exclude(note="")}
        made.differences.all().delete()
        Difference.objects.bulk_create(_differences(made, said))
        given = {"month": str(made), "yuan": f"{bank_fen / 100:.2f}"}
        record(account, "prepare_month", by=by, given=given)
    return made


def explain(difference: Difference, note: str, *, by) -> Difference:
    """Say what a difference is about; its owner does, or the account's officer. Raises ``Refused``."""
    account = difference.reconciliation.account
    officer = by.role == Role.FISCAL_OFFICER and by.organisation.pk == account.finance_id
    if not officer and by.organisation.pk != difference.owner_id:
        raise Refused(_("差异由责任单位或财政专户管理员说明"))
    if len(note.strip()) < 2:
        raise Refused(_("请写明差异的原因"))
    with transaction.atomic():
        lock(SpecialAccount, [account.pk])
        if Reconciliation.objects.get(pk=difference.reconciliation_id).locked:
            raise Refused(_("%(month)s已对账锁定，不再改动") % {"month": difference.reconciliation})
        difference.note = note.strip()[:200]
        difference.save(update_fields=["note"])
        given = {"month": str(difference.reconciliation), "difference": difference.kind}
        record(account, "explain_difference", by=by, reason=difference.note, given=given)
    return difference


def sign(month: Reconciliation, *, by) -> Reconciliation:
    """Sign a month for one side; signed by both it is locked. Raises ``Refused``.

    Steps: lock the account, so that nothing is booked meanwhile; see which side signs; compare with the book; sign.
    """
    account = SpecialAccount.objects.get(pk=month.account_id)
    with transaction.atomic():
        lock(SpecialAccount, [account.pk])
        month = Reconciliation.objects.select_related("prepared_by", "reviewed_by", "agreed_by").get(
            pk=month.pk
        )
        side = _side(month, account, by)
        if getattr(month, f"{side}_at"):
            raise Refused(_("这一方已经签署"))
        for other in (month.prepared_by, month.reviewed_by, month.agreed_by):
            if other and same_person(other, by.user):
                raise Refused(_("编制人和签署人须为不同的人"))
        if month.differences.filter(note="").exists():
            raise Refused(_("差异须逐项说明原因后才能签署"))
        if asdict(journal.figures(account, month.month, last_day(month.month))) != month.figures:
            raise Refused(_("编制之后账面有变动，请财政专户管理员重新编制"))
        setattr(month, f"{side}_by", by.user)
        setattr(month, f"{side}_at", now())
        month.save(update_fields=[f"{side}_by", f"{side}_at"])
        record(account, "sign_month", by=by, given={"month": str(month), "locked": month.locked})
    return month


def locked_through(account: SpecialAccount) -> dt.date | None:
    """Return the last day that is locked; none before the first month is."""
    last = Reconciliation.objects.filter(Reconciliation.LOCKED, account=account).order_by("-month").first()
    return last_day(last.month) if last else None


def first_open_day(account: SpecialAccount) -> dt.date:
    """Return the first day an entry may be dated on."""
    locked = locked_through(account)
    return locked + dt.timedelta(days=1) if locked else dt.date.min


def last_day(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def to_reconcile(account: SpecialAccount) -> dt.date | None:
    """Return the first day of the month that is to be reconciled next; none where nothing was ever booked."""
    locked = locked_through(account)
    if locked:
        return locked + dt.timedelta(days=1)
    first = Entry.objects.filter(account=account).order_by("on").values_list("on", flat=True).first()
    return first.replace(day=1) if first else None


def _after_the_one_before(account: SpecialAccount, month: dt.date) -> None:
    """Months are locked one after the other: a gap would leave days open below a locked balance."""
    following = to_reconcile(account)
    if following is None or month < following:
        raise Refused(_("%(month)s没有可对的账") % {"month": f"{month:%Y-%m}"})
    if month > following:
        raise Refused(_("请先对%(month)s的账") % {"month": f"{following:%Y-%m}"})


def _side(month: Reconciliation, account: SpecialAccount, by) -> str:
    if by.role == Role.FISCAL_REVIEWER and by.organisation.pk == account.finance_id:
        return "reviewed"
    body = offices.beside(account)
    if by.role == Role.RMO_REVIEWER and body and by.organisation.pk == body.pk:
        return "agreed"
    raise Refused(_("对账单由本级财政复核人和本级退管机构审核人签署"))


# --- what differs at a month's end ---


def _differences(month: Reconciliation, said: dict) -> Iterator[Difference]:
    body = offices.beside(month.account)
    for kind, fen, case, line in _found(month):
        # What RMO and finance tell each other: a credit without a receipt is the management body's to clear up.
        owner = body.pk if body and kind == DifferenceKind.NO_RECEIPT else month.account.finance_id
        yield Difference(
            reconciliation=month, kind=kind, fen=fen, case_id=case, line_id=line, owner_id=owner,
            note=said.get((kind, case, line), ""),
        )  # fmt: skip


def _found(month: Reconciliation) -> Iterator[tuple[str, int, int | None, int | None]]:
    """Yield (kind, 分, case, line) of everything in which bank, receipts and book differ at the end of the month."""
    account, end = month.account, last_day(month.month)
    transit = Posting.objects.filter(entry__account=account, entry__on__lte=end, ledger=Ledger.TRANSIT)
    for case, fen in transit.values_list("entry__case").annotate(fen=Sum("fen")).order_by("entry__case"):
        if fen:
            yield (DifferenceKind.IN_TRANSIT if fen > 0 else DifferenceKind.NO_RECEIPT), fen, case, None
    entries = Entry.objects.filter(line=OuterRef("pk"), on__lte=end)
    lines = StatementLine.objects.filter(account=account, on__lte=end).order_by("on", "id")
    open_ones = Q(Exists(entries.filter(kind=EntryKind.UNIDENTIFIED))) & ~Q(
        Exists(entries.filter(kind__in=SETTLED))
    )
    for line in lines.filter(open_ones):
        yield DifferenceKind.SUSPENSE, line.fen, None, line.pk
    for line in lines.filter(~Exists(entries.filter(kind__in=BOOKED))):
        yield DifferenceKind.NOT_BOOKED, line.fen, None, line.pk
    if apart := month.bank_fen - month.figures["closing"]:
        yield DifferenceKind.BANK, apart, None, None
