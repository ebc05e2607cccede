"""The collecting bank of a rehearsal: its file says who paid, and is imported and matched like any other."""

from datetime import date

from apps.exchange import statements
from apps.fees import matching
from apps.fees.models import FeeAssessment
from apps.treasury.models import SpecialAccount

HEADER = "交易流水号,到账日期,收入金额,付款人,附言"


def pay_in(fee: FeeAssessment, fen: int, *, on: date, by, serial: str) -> None:
    """Have the bank say that the payer of ``fee`` paid so much that day, with the payment code in its note."""
    account = SpecialAccount.objects.get(finance=fee.finance_id)
    line = f"{serial},{on:%Y-%m-%d},{fen // 100}.{fen % 100:02d},{fee.payer.name},{fee.reference}"
    content = f"{HEADER}\n{line}\n".encode("utf-8-sig")
    statements.import_file(account, content, f"{on:%Y%m%d}.csv", by=by)
    matching.match(account)
