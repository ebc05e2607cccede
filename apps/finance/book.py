"""An account as people read it: entries with their running balance, figures that open into entries, its course."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from apps.fees.models import WAITING, FeeAssessment
from apps.treasury.models import Entry, Ledger, Posting, SpecialAccount

# What a figure is made of: (name of the figure, the head whose entries it opens into).
HEADS = {
    "receipts": Ledger.FEES,
    "refunds": Ledger.REFUNDS,
    "allocations": Ledger.ALLOCATIONS,
    "interest": Ledger.INTEREST,
    "charges": Ledger.BANK_CHARGES,
    "transit": Ledger.TRANSIT,
    "suspense": Ledger.SUSPENSE,
}
SHOWN_AS_INCOME = frozenset({Ledger.FEES, Ledger.SUSPENSE, Ledger.INTEREST})  # booked as negative
COURSE = """
WITH months AS (
    SELECT generate_series(date_trunc('month', %(until)s::date) - (%(count)s - 1) * interval '1 month',
                           date_trunc('month', %(until)s::date), interval '1 month')::date AS month),
booked AS (
    SELECT finance.level, entry."on", posting.ledger, posting.fen
    FROM treasury_posting AS posting JOIN treasury_entry AS entry ON entry.id = posting.entry_id
    JOIN treasury_specialaccount AS account ON account.id = entry.account_id
    JOIN organisations_organisation AS finance ON finance.id = account.finance_id
    WHERE account.id = ANY(%(accounts)s) AND posting.ledger IN ('FEES', 'BANK')),
levels AS (
    SELECT DISTINCT finance.level FROM treasury_specialaccount AS account
    JOIN organisations_organisation AS finance ON finance.id = account.finance_id WHERE account.id = ANY(%(accounts)s)),
exempted AS (
    SELECT finance.level, date_trunc('month', fee.stage_since AT TIME ZONE 'Asia/Shanghai')::date AS month,
           sum(fee.exempted_fen) AS fen
    FROM fees_feeassessment AS fee
    JOIN treasury_specialaccount AS account ON account.finance_id = fee.finance_id
    JOIN organisations_organisation AS finance ON finance.id = account.finance_id
    WHERE account.id = ANY(%(accounts)s) AND fee.exempted_fen > 0 GROUP BY 1, 2)
SELECT levels.level, months.month,
       coalesce((SELECT -sum(fen) FROM booked WHERE booked.level = levels.level AND ledger = 'FEES'
                 AND date_trunc('month', "on") = months.month), 0),
       coalesce((SELECT fen FROM exempted WHERE exempted.level = levels.level AND exempted.month = months.month), 0),
       coalesce((SELECT sum(fen) FROM booked WHERE booked.level = levels.level AND ledger = 'BANK'
                 AND "on" < months.month + interval '1 month'), 0)
FROM levels CROSS JOIN months ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Line:
    """An entry in the list: what it moved under the head looked at, and what stood there after it, in 分."""

    entry: Entry
    fen: int
    running: int


@dataclass(frozen=True)
class Point:
    """A month of one level, in 分: income, what was exempted, what was in the bank at its end."""

    month: dt.date
    income: int
    exempted: int
    balance: int


def entries(account: SpecialAccount, since: dt.date, until: dt.date, head: str = ""):
    """The entries of a period, latest first; of a head only those that moved something under it."""
    found = Entry.objects.filter(account=account, on__gte=since, on__lte=until).select_related("case")
    moved = Posting.objects.filter(entry=OuterRef("pk"), ledger=head or Ledger.BANK).order_by()
    moved = moved.values("entry").annotate(total=Sum("fen")).values("total")
    found = found.annotate(
        fen=Coalesce(Subquery(moved, output_field=BigIntegerField()), Value(0, BigIntegerField()))
    )
    return (found.exclude(fen=0) if head else found).order_by("-on", "-id")


def lines(account: SpecialAccount, page: Sequence[Entry], head: str = "") -> list[Line]:
    """Pair the entries of a page with the balance after each: one statement, the rest is subtraction."""
    if not page:
        return []
    ledger, sign = head or Ledger.BANK, -1 if head in SHOWN_AS_INCOME else 1
    top = page[0]
    upto = Posting.objects.filter(
        Q(entry__on__lt=top.on) | Q(entry__on=top.on, entry__lte=top.pk),
        entry__account=account,
        ledger=ledger,
    )
    running = upto.aggregate(fen=Sum("fen"))["fen"] or 0
    told = []
    for entry in page:
        told.append(Line(entry, sign * entry.fen, sign * running))
        running -= entry.fen
    return told


def course(accounts: Sequence[SpecialAccount], until: dt.date, count: int = 12) -> dict[str, list[Point]]:
    """Return {level: its last so many months}; one statement."""
    with connection.cursor() as cursor:
        terms = {"accounts": [account.pk for account in accounts], "until": until, "count": count}
        cursor.execute(COURSE, terms)
        told: dict[str, list[Point]] = {}
        for level, *point in cursor.fetchall():
            told.setdefault(level, []).append(Point(point[0], *map(int, point[1:])))
    return told


def with_balance(accounts):
    """Accounts with what is in the bank, as ``fen``."""
    held = Posting.objects.filter(entry__account=OuterRef("pk"), ledger=Ledger.BANK).order_by()
    held = held.values("entry__account").annotate(total=Sum("fen")).values("total")
    return accounts.annotate(
        fen=Coalesce(Subquery(held, output_field=BigIntegerField()), Value(0, BigIntegerField()))
    )


def owed(accounts) -> int:
    """What the assessments of these accounts still wait for, in 分."""
    waiting = FeeAssessment.objects.filter(
        finance__in=[account.finance_id for account in accounts],
        stage__in=WAITING,
    )
    due = waiting.aggregate(fen=Sum(F("amount_fen") - F("exempted_fen")))["fen"] or 0
    paid = waiting.aggregate(fen=Sum("payments__fen"))["fen"] or 0
    return due - paid
