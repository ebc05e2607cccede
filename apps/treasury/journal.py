"""Booking, the only way money gets into an account or out of it; and what an account holds. Amounts in 分.

An entry is a set of postings that add up to nothing. What may not be, the database refuses, whoever writes; the
sentences for people are here. Balances are sums of postings, so that they can be proved on any day.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.streams import lock
from apps.engine.door import Refused
from apps.policies import rules
from apps.policies.keys import PURPOSES, SPENDING

from .models import Entry, EntryKind, Ledger, Posting, SpecialAccount


class NotBooked(Refused):
    """Nothing was booked; the message says why in words for people."""


# Under which heads each kind books: (where the money goes, where it comes from).
HEADS = {
    EntryKind.RECEIPT: (Ledger.TRANSIT, Ledger.FEES),
    EntryKind.CREDIT: (Ledger.BANK, Ledger.TRANSIT),
    EntryKind.UNIDENTIFIED: (Ledger.BANK, Ledger.SUSPENSE),
    EntryKind.ASSIGNMENT: (Ledger.SUSPENSE, Ledger.FEES),
    EntryKind.RETURN: (Ledger.SUSPENSE, Ledger.BANK),
    EntryKind.REFUND: (Ledger.REFUNDS, Ledger.BANK),
    EntryKind.ALLOCATION: (Ledger.ALLOCATIONS, Ledger.BANK),
    EntryKind.INTEREST: (Ledger.BANK, Ledger.INTEREST),
    EntryKind.CHARGE: (Ledger.BANK_CHARGES, Ledger.BANK),
}
# What the database refuses, in words; %(what)s is what it found.
SENTENCES = {
    "treasury_locked_month": gettext_lazy(
        "%(what)s已对账锁定，其中及之前的日期不能再记账；更正须记入以后的月份"
    ),
    "treasury_own_level": gettext_lazy("案件%(what)s的经费属于另一级财政，不得记入本级财政专户"),
    "treasury_over_balance": gettext_lazy("超过专户余额：%(what)s"),
    "treasury_correction": gettext_lazy("更正须与原分录同属一个专户，且不早于原分录的日期"),
    "treasury_entry_corrects_id_key": gettext_lazy("该分录已经更正"),
    "treasury_entry_balances": gettext_lazy("分录借贷不平"),
    "bank_line_booked_once": gettext_lazy("该笔到账已经记账"),
    "suspense_settled_once": gettext_lazy("该笔待查款项已经认领或退回"),
    "spending_has_its_purpose": gettext_lazy("拨付须写明用途"),
}


@dataclass(frozen=True, kw_only=True)
class New:
    """An entry still to be booked; its postings are (ledger, 分) or (ledger, 分, purpose). Rows are named by id."""

    account: int
    kind: str
    on: dt.date
    summary: str
    postings: Sequence[tuple]
    case: int | None = None
    line: int | None = None
    corrects: int | None = None


def moving(kind: str, fen: int, *, purpose: str = "", **facts: Any) -> New:
    """Return an entry of that kind for so much money, under the heads its kind books to."""
    into, out_of = HEADS[EntryKind(kind)]
    spends = into == Ledger.ALLOCATIONS
    return New(kind=kind, postings=[(into, fen, purpose if spends else ""), (out_of, -fen)], **facts)


def undoing(entry: Entry, *, on: dt.date, summary: str) -> New:
    """Return the entry that takes another back; the wrong one stays in the book and is named."""
    return New(
        account=entry.account_id,
        kind=EntryKind.CORRECTION,
        on=on,
        summary=summary,
        case=entry.case_id,
        corrects=entry.pk,
        postings=[(one.ledger, -one.fen, one.purpose) for one in entry.postings.order_by("pk")],
    )


def book(entries: Iterable[New], *, act: UUID, at: dt.datetime) -> list[Entry]:
    """Book a set of entries, all or none, in a number of statements that does not grow; return them in order.

    The accounts are locked first, in order of id. Raises ``NotBooked``.
    """
    entries = list(entries)
    if not entries:
        return []
    for entry in entries:
        if sum(posting[1] for posting in entry.postings) or not entry.postings:
            raise NotBooked(_("分录“%(summary)s”借贷不平") % {"summary": entry.summary})
    try:
        with transaction.atomic():
            lock(SpecialAccount, {entry.account for entry in entries})
            within_purpose(_spent(entries))
            return _insert(entries, act=act, at=at)
    except IntegrityError as error:
        raise NotBooked(_said(error)) from error


def _insert(entries: Sequence[New], *, act: UUID, at: dt.datetime) -> list[Entry]:
    booked = Entry.objects.bulk_create(
        Entry(
            account_id=entry.account,
            kind=entry.kind,
            on=entry.on,
            summary=entry.summary[:200],
            case_id=entry.case,
            line_id=entry.line,
            corrects_id=entry.corrects,
            act=act,
            booked_at=at,
        )
        for entry in entries
    )
    Posting.objects.bulk_create(
        Posting(entry=row, ledger=ledger, fen=fen, purpose=purpose[0] if purpose else "")
        for row, entry in zip(booked, entries, strict=True)
        for ledger, fen, *purpose in entry.postings
    )
    return booked


def _spent(entries: Sequence[New]) -> list[tuple[dt.date, str]]:
    """On which days some entries spend, and for which purposes."""
    return [
        (entry.on, posting[2] if len(posting) > 2 else "")
        for entry in entries
        for posting in entry.postings
        if posting[0] == Ledger.ALLOCATIONS and posting[1] > 0
    ]


def within_purpose(spent: Sequence[tuple[dt.date, str]]) -> None:
    """Refuse spending for what is no purpose, or for none the account may be spent for that day (M-092)."""
    if not spent:
        return
    allowed = rules.timeline(SPENDING)
    for on, purpose in spent:
        if purpose not in PURPOSES:
            raise NotBooked(_("用途“%(purpose)s”不在用途目录中") % {"purpose": purpose})
        try:
            may = allowed.value(f"spending.{purpose}", on)
        except rules.RuleMissing as missing:
            raise NotBooked(str(missing)) from missing
        if not may:
            raise NotBooked(
                _("财政专户的管理活动经费专款专用，不得用于“%(purpose)s”") % {"purpose": PURPOSES[purpose]}
            )


def _said(error: IntegrityError) -> str:
    """What the database refused, in words."""
    found = getattr(error.__cause__, "diag", None)
    name = getattr(found, "constraint_name", None)
    if name not in SENTENCES:
        raise error
    what = found.message_detail or ""
    if name == "treasury_over_balance":
        day, fen = what.split()
        what = _("%(day)s尚差 %(yuan)s 元") % {"day": day, "yuan": f"{int(fen) / 100:,.2f}"}
    return SENTENCES[name] % {"what": what} if "%" in str(SENTENCES[name]) else str(SENTENCES[name])


# --- what an account holds ---


@dataclass(frozen=True)
class Figures:
    """An account over a period, in 分; ``transit`` and ``suspense`` are what is open at its end."""

    opening: int
    opening_transit: int
    opening_suspense: int
    receipts: int
    refunds: int
    allocations: int
    interest: int
    charges: int
    transit: int
    suspense: int
    closing: int

    @property
    def proved(self) -> bool:
        """Whether what came in is in the account, on its way there, paid back or allocated (INV-12)."""
        came = self.receipts + self.interest + (self.suspense - self.opening_suspense)
        went = self.refunds + self.allocations + self.charges + (self.transit - self.opening_transit)
        return self.opening + came - went == self.closing


def balance(account: SpecialAccount, on: dt.date | None = None, ledger: str = Ledger.BANK) -> int:
    """Return what stands under a head at the end of a day, the last one booked if none is given."""
    found = Posting.objects.filter(entry__account=account, ledger=ledger)
    if on is not None:
        found = found.filter(entry__on__lte=on)
    return found.aggregate(fen=Sum("fen"))["fen"] or 0


def in_transit(cases: Iterable[int]) -> dict[int, int]:
    """Return {case: what was received for it and is not in the account yet}, in 分; cases without are left out."""
    found = Posting.objects.filter(entry__case__in=list(cases), ledger=Ledger.TRANSIT)
    return dict(
        found.values_list("entry__case").annotate(fen=Sum("fen")).exclude(fen=0).order_by("entry__case")
    )


def held_by(finance: str) -> Coalesce:
    """What the account of the finance department at a path holds, as an expression for the conditions of a move."""
    held = Posting.objects.filter(entry__account__finance=OuterRef(finance), ledger=Ledger.BANK)
    total = Subquery(
        held.order_by().values("ledger").annotate(total=Sum("fen")).values("total"),
        output_field=BigIntegerField(),
    )
    return Coalesce(total, Value(0, BigIntegerField()))


def figures(account: SpecialAccount, first: dt.date, last: dt.date) -> Figures:
    """Return the figures of an account from one day to another, both included; one statement."""
    before, during = Q(entry__on__lt=first), Q(entry__on__gte=first)
    wanted = {
        "opening": (Ledger.BANK, before, 1),
        "opening_transit": (Ledger.TRANSIT, before, 1),
        "opening_suspense": (Ledger.SUSPENSE, before, -1),
        "receipts": (Ledger.FEES, during, -1),
        "refunds": (Ledger.REFUNDS, during, 1),
        "allocations": (Ledger.ALLOCATIONS, during, 1),
        "interest": (Ledger.INTEREST, during, -1),
        "charges": (Ledger.BANK_CHARGES, during, 1),
        "transit": (Ledger.TRANSIT, Q(), 1),
        "suspense": (Ledger.SUSPENSE, Q(), -1),
        "closing": (Ledger.BANK, Q(), 1),
    }
    found = Posting.objects.filter(entry__account=account, entry__on__lte=last).aggregate(
        **{
            name: Sum("fen", filter=Q(ledger=ledger) & when, default=0)
            for name, (ledger, when, _sign) in wanted.items()
        }
    )
    return Figures(**{name: sign * found[name] for name, (_ledger, _when, sign) in wanted.items()})
