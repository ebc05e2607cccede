"""What the papers of the management fee print."""

from typing import Any

from django.db.models import Sum

from apps.audit.models import Event
from apps.calendar.workdays import day_of
from apps.fees.models import FeeAssessment, FeeRefund, Payment
from apps.fees.settlement import GROUNDS
from apps.policies.models import RuleStatus
from apps.treasury.models import StatementLine

from .envelope import deadline
from .models import Paper
from .wording import capitals, chinese_date, yuan


def assessed(paper: Paper, event: Event) -> dict[str, Any]:
    """Whom is asked for how much, by which standard."""
    fee, facts = _fee(paper), paper.facts
    return {
        "reference": fee.reference,
        "payer": fee.payer.name,
        "payer_basis": str(fee.get_payer_basis_display()),
        "heads": facts["heads"],
        "standard": yuan(facts["standard"]),
        "standard_status": _status(fee),
        "amount": yuan(facts["amount"]),
        "exempted": yuan(facts["exempted"]) if facts["exempted"] else "",
        "capitals": capitals(facts["amount"]),
    }


def demanded(paper: Paper, event: Event) -> dict[str, Any]:
    """The same, with what is still to be paid, until when, and into which account."""
    came_in = _came_in(paper)
    due = paper.facts["amount"] - paper.facts["exempted"] - came_in
    return assessed(paper, event) | {
        "paid": yuan(came_in) if came_in else "",
        "payable": yuan(due),
        "payable_capitals": capitals(due),
        "due": deadline(event),
        "account": _account(paper),
    }


def overdue(paper: Paper, event: Event) -> dict[str, Any]:
    """What is still owed, since when, and how often it was asked for."""
    duns = Event.objects.filter(
        stream=event.stream, stream_id=event.stream_id, machine=event.machine, move=event.move
    )
    return demanded(paper, event) | {
        "since": chinese_date(day_of(event.due_at)) if event.due_at else "",
        "time": duns.filter(seq__lte=event.seq).count(),
    }


def claimed(paper: Paper, event: Event) -> dict[str, Any]:
    return demanded(paper, event) | {"claim_number": event.given.get("claim_number", "")}


def receipt(paper: Paper, event: Event) -> dict[str, Any]:
    """One payment, with what the fiscal system needs of it."""
    line = StatementLine.objects.get(pk=paper.facts["line"])
    return {
        "reference": _fee(paper).reference,
        "payer": line.payer,
        "serial": line.serial,
        "paid_on": chinese_date(line.on),
        "amount": yuan(paper.facts["amount"]),
        "capitals": capitals(paper.facts["amount"]),
    }


def refunded(paper: Paper, event: Event) -> dict[str, Any]:
    """How much goes back to whom, and why."""
    refund = FeeRefund.objects.select_related("assessment__payer").get(pk=paper.facts["refund"])
    asked = (
        Event.objects.filter(
            stream=event.stream, stream_id=event.stream_id, move="apply_for_refund", seq__lt=event.seq
        )
        .order_by("seq")
        .last()
    )
    return {
        "reference": refund.assessment.reference,
        "payer": refund.assessment.payer.name,
        "payee": refund.payee,
        "payee_bank": refund.payee_bank,
        "payee_account": refund.payee_account,
        "amount": yuan(refund.fen),
        "capitals": capitals(refund.fen),
        "ground": str(GROUNDS.choices.get(asked.reason_code, "")) if asked else "",
    }


def _fee(paper: Paper) -> FeeAssessment:
    related = ("payer", "standard", "finance__special_account")
    return FeeAssessment.objects.select_related(*related).get(pk=paper.facts["fee"])


def _came_in(paper: Paper) -> int:
    """What had been paid when the paper was issued."""
    paid = Payment.objects.filter(assessment=paper.facts["fee"], taken_at__lte=paper.issued_at)
    return paid.aggregate(fen=Sum("fen"))["fen"] or 0


def _status(fee: FeeAssessment) -> str:
    """How far the standard is to be relied on, when it is not beyond doubt: 演示值."""
    if fee.standard.status == RuleStatus.VERIFIED:
        return ""
    return str(RuleStatus(fee.standard.status).label)


def _account(paper: Paper) -> dict[str, str]:
    account = getattr(_fee(paper).finance, "special_account", None)
    return {"name": account.name, "bank": account.bank, "number": account.number} if account else {}
