"""What the finance side does beside the batches: money goes back and on to the streets, months are signed."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.streams import now
from apps.cases.evidence import attach
from apps.documents.fee_papers import OriginalReceipt
from apps.engine.door import perform, perform_all
from apps.organisations.choices import Level, Role
from apps.treasury import journal, months, offices
from apps.treasury.models import SpecialAccount

from ..fee_collection import FeeCollection
from ..fee_refund import Refund
from .allocation import AllocationRehearsal
from .cast import Cast

RECEIPT = b"%PDF-1.4\n%%EOF demonstration\n"


def pay_back(fee: FeeCollection, *, cast: Cast, act: Callable = perform) -> None:
    """A fee paid too much: applied for, verified, approved and paid, each by another person."""
    clerk, reviewer = (
        cast.holder(role, fee.case.authority_id) for role in (Role.FEE_CLERK, Role.RMO_REVIEWER)
    )
    officer, second = (
        cast.holder(role, fee.finance_id) for role in (Role.FISCAL_OFFICER, Role.FISCAL_REVIEWER)
    )
    payee = {"payee": fee.payer.name, "payee_bank": _("示例银行"), "payee_account": "6228480000000000"}
    act(fee, "apply_for_refund", by=clerk, reason_code="not_handed_over", given=payee)
    attach(fee.case, OriginalReceipt, RECEIPT, name="财政票据.pdf", by=reviewer)
    refund = Refund.objects.get(assessment=fee, stage="applied")
    act(refund, "verify", by=reviewer)
    act(Refund.objects.get(pk=refund.pk), "approve", by=second)
    paid_on = timezone.localdate(now())
    act(Refund.objects.get(pk=refund.pk), "pay", by=officer, given={"paid_on": paid_on})


def sign_months(cast: Cast) -> None:
    """Every month that is over is signed by both sides, and what it credited is reconciled in one act."""
    today = timezone.localdate(now())
    for account in SpecialAccount.objects.select_related("finance").order_by("pk"):
        bureau = offices.beside(account)
        officer, second = (
            cast.holder(role, account.finance_id) for role in (Role.FISCAL_OFFICER, Role.FISCAL_REVIEWER)
        )
        while (month := months.to_reconcile(account)) and months.last_day(month) < today:
            held = journal.balance(account, months.last_day(month))
            found = months.prepare(account, month, bank_fen=held, by=officer)
            for difference in found.differences.all():
                months.explain(difference, _("月末在途，次月入账"), by=officer)
            months.sign(found, by=second)
            months.sign(found, by=cast.holder(Role.RMO_REVIEWER, bureau.pk))
        stages = FeeCollection.moves["reconcile"].sources.names
        rows = FeeCollection.objects.filter(finance=account.finance_id, stage__in=stages)
        if rows.exists():
            perform_all(rows, "reconcile", by=second)


def allocate() -> None:
    """A county whose account holds money gives its streets their start, and has this year's allocation approved."""
    for account in SpecialAccount.objects.filter(finance__level=Level.COUNTY).order_by("pk"):
        if journal.balance(account):
            body = offices.beside(account)
            AllocationRehearsal(body).walk("START_UP", until="paid")
            AllocationRehearsal(body).walk("YEARLY", "activity", until="approved")
