"""The only way to book."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .models import Entry, Posting


@dataclass(frozen=True)
class New:
    account: int
    kind: str
    on: date
    summary: str
    postings: Sequence[tuple]
    case: int | None = None


def book(entries: Iterable[New], *, act, at) -> None:
    entries = list(entries)
    made = Entry.objects.bulk_create(
        Entry(
            account_id=e.account,
            kind=e.kind,
            on=e.on,
            summary=e.summary,
            case_id=e.case,
            act=act,
            booked_at=at,
        )
        for e in entries
    )
    Posting.objects.bulk_create(
        Posting(entry=row, ledger=p[0], fen=p[1], purpose=p[2] if len(p) > 2 else "")
        for row, e in zip(made, entries, strict=True)
        for p in e.postings
    )
