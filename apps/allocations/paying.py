"""What happens to an allocation's money and to the reports on it."""

from apps.treasury import journal
from apps.treasury.models import EntryKind

from .models import Allocation, Kind, Share


def pay(deed) -> None:
    """Keep the payment slip; what leaves the special account is booked, one entry a street, with its purpose."""
    matters = Allocation.objects.filter(case__in=deed.ids)
    matters.update(paid_on=deed.given["paid_on"], slip=deed.given["slip"])
    shares = Share._base_manager.filter(case__in=deed.ids, kind=Kind.YEARLY, counts=True).select_related(
        "organisation", "case__allocation__finance__special_account"
    )
    journal.book(
        [
            journal.moving(
                EntryKind.ALLOCATION,
                one.fen,
                purpose=one.purpose,
                account=one.case.allocation.finance.special_account.pk,
                on=deed.given["paid_on"],
                summary=f"{one.organisation.name} {deed.given['slip']}",
                case=one.case_id,
            )
            for one in shares.order_by("organisation__key")
        ],
        act=deed.act.id,
        at=deed.at,
    )


def let_go(deed) -> None:
    """These streets may be given the same by another allocation."""
    deed.rows.update(counts=False)


def keep_use(deed) -> None:
    deed.rows.update(used_fen=int(deed.given["used"] * 100), use=deed.given["use"])
