"""The collecting bank of a rehearsal: its file says that somebody paid."""

from hashlib import sha256

from apps.audit.streams import now
from apps.fees.models import FeeAssessment, Match, MatchedBy
from apps.treasury.models import SpecialAccount, Statement, StatementLine


def pay_in(fee: FeeAssessment, fen: int, *, on, by, serial: str) -> Match:
    """Have the bank say that the payer of ``fee`` paid so much, with the reference in its note."""
    account = SpecialAccount.objects.get(finance=fee.finance_id)
    statement = Statement.objects.create(
        account=account,
        file_name=f"{serial}.csv",
        digest=sha256(serial.encode()).hexdigest(),
        sealed=b"",
        imported_by=by.user,
        imported_at=now(),
    )
    line = StatementLine.objects.create(
        statement=statement,
        account=account,
        serial=serial,
        on=on,
        fen=fen,
        payer=fee.payer.name,
        note=fee.reference,
    )
    return Match.objects.create(line=line, assessment_id=fee.pk, by=MatchedBy.REFERENCE)
