"""待查款项: money nobody was found for is booked as it came, and later assigned or returned. Amounts in 分.

Assigning is the collection's own act: it takes in a line that was taken for it (`apps.fees.taking`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.audit.models import Event
from apps.audit.streams import Entry as Told
from apps.audit.streams import actor_facts, append, lock, now
from apps.engine.door import Refused
from apps.organisations.choices import Role
from apps.treasury import journal, months
from apps.treasury.models import Entry, EntryKind, SpecialAccount, StatementLine

from . import matching


def book_rest(account: SpecialAccount, *, by) -> list[Entry]:
    """Book every line that is neither matched nor booked to 待查款项, on the day it came in. Raises ``Refused``."""
    return _book_lines(account, EntryKind.UNIDENTIFIED, "book_suspense", by=by)


def book_interest(account: SpecialAccount, lines: Iterable[StatementLine], *, by) -> list[Entry]:
    """Book lines as the bank's interest. Raises ``Refused``."""
    return _book_lines(account, EntryKind.INTEREST, "book_interest", by=by, lines=[line.pk for line in lines])


def book_charge(account: SpecialAccount, fen: int, *, on: dt.date, summary: str, by) -> Entry:
    """Book what the bank has charged. Raises ``Refused``."""
    _must_be(Role.FISCAL_OFFICER, account, by)
    new = journal.moving(EntryKind.CHARGE, fen, account=account.pk, on=on, summary=summary)
    with transaction.atomic():
        return _recorded(account, "book_charge", [new], by=by, reason=summary)[0]


def give_back(line: StatementLine, *, on: dt.date, reason: str, by) -> Entry:
    """Return a line's money to whoever paid it; the reviewer decides, never who booked it. Raises ``Refused``."""
    account = line.account
    _must_be(Role.FISCAL_REVIEWER, account, by)
    if len(reason.strip()) < 2:
        raise Refused(_("请写明退回的理由"))
    with transaction.atomic():
        lock(SpecialAccount, [account.pk])
        if not matching.in_suspense(account).filter(pk=line.pk).exists():
            raise Refused(_("该笔款项不在待查款项中"))
        booked = Entry.objects.get(line=line, kind=EntryKind.UNIDENTIFIED)
        if Event.objects.filter(act=booked.act, person_id=by.user.pk).exists():
            raise Refused(_("登记待查款项的人不能决定退回，请由另一人办理"))
        summary = f"退回 {line.payer}"
        new = journal.moving(
            EntryKind.RETURN, line.fen, account=account.pk, on=on, summary=summary, line=line.pk
        )
        return _recorded(account, "return_suspense", [new], by=by, reason=reason, serial=line.serial)[0]


def _book_lines(account: SpecialAccount, kind: EntryKind, move: str, *, by, lines=None) -> list[Entry]:
    _must_be(Role.FISCAL_OFFICER, account, by)
    with transaction.atomic():
        lock(SpecialAccount, [account.pk])
        waiting = matching.unmatched(account)
        if lines is not None:
            waiting = waiting.filter(pk__in=lines)
        first = months.first_open_day(account)
        new = [
            journal.moving(
                kind,
                line.fen,
                account=account.pk,
                on=max(line.on, first),
                summary=f"{line.payer} {line.note}".strip() or line.serial,
                line=line.pk,
            )
            for line in waiting
        ]
        return _recorded(account, move, new, by=by) if new else []


def _recorded(account, move: str, new: Sequence[journal.New], *, by, reason="", **given) -> list[Entry]:
    """Book entries that belong to no case, as an act in the account's own stream."""
    act, at = uuid4(), now()
    heads = lock(SpecialAccount, [account.pk])
    booked = journal.book(new, act=act, at=at)
    given |= {"rows": len(booked), "yuan": f"{_moved(booked) / 100:.2f}"}
    told = Told(stream_id=account.pk, move=move, act=act, reason=reason, given=given, **actor_facts(by))
    append(SpecialAccount, heads, [told], at=at)
    return booked


def _moved(booked: Sequence[Entry]) -> int:
    found = Entry.objects.filter(pk__in=[entry.pk for entry in booked], postings__fen__gt=0)
    return found.aggregate(fen=Sum("postings__fen"))["fen"] or 0


def _must_be(role: Role, account: SpecialAccount, by) -> None:
    if by.role != role or by.organisation.pk != account.finance_id:
        raise Refused(_("由本财政部门的%(role)s办理") % {"role": role.label})
