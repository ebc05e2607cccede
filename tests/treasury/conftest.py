"""Special accounts of the demo town, money in them, and cases and assessments made directly."""

import datetime as dt
from itertools import count
from uuid import uuid4

import pytest
from django.db import connection
from viewflow.workflow.fields import get_flow_ref

from apps.audit.streams import now
from apps.cases.models import Case
from apps.fees.models import FeeAssessment
from apps.organisations.models import Organisation
from apps.policies import rules
from apps.treasury import journal
from apps.treasury.models import EntryKind, SpecialAccount, Statement, StatementLine
from tests.worlds import standing_world, world  # noqa: F401 - fixtures
from workflows.transfer import TransferBatch

DAY = dt.date(2026, 9, 10)
_running = count(1)


class Money:
    """Acts on accounts in as few words as a test wants."""

    def account(self, key: str = "445200-FIN") -> SpecialAccount:
        return SpecialAccount.objects.get(finance__key=key)

    def book(self, *entries: journal.New, act=None):
        return journal.book(entries, act=act or uuid4(), at=now())

    def move(self, kind: EntryKind, fen: int, *, on=DAY, account=None, summary="测试", **facts):
        """Book one entry of a kind."""
        account = account or self.account()
        new = journal.moving(kind, fen, account=account.pk, on=on, summary=summary, **facts)
        return self.book(new)[0]

    def earn(self, fen: int, **facts) -> None:
        """Take in a fee and credit it."""
        self.move(EntryKind.RECEIPT, fen, **facts)
        self.move(EntryKind.CREDIT, fen, **facts)

    def case(self, enterprise: str = "ENT-001") -> Case:
        """A bare case of an enterprise: no door, no roster."""
        company = Organisation.objects.select_related("enterprise").get(key=enterprise)
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO cases_case (flow_class, status, created, stream_seq, stream_head, stage, stage_since,
                       row_seq, number, process, opened_on, applicant_id, authority_id, enterprise_id)
                   VALUES (%s, 'NEW', now(), 0, '', 'clearing', now(), 1, %s, 'transferbatch', current_date,
                           %s, %s, %s) RETURNING id""",
                [
                    get_flow_ref(TransferBatch.flow),
                    f"T{next(_running):06d}",
                    company.pk,
                    company.enterprise.authority_id,
                    company.pk,
                ],
            )
            return Case.objects.get(pk=cursor.fetchone()[0])

    def due(
        self, fen: int, enterprise: str = "ENT-001", *, stage="issued", reference="", finance="445200-FIN"
    ):
        """An assessment of an enterprise that waits for money."""
        case = self.case(enterprise)
        row = FeeAssessment(
            case=case,
            reference=reference or f"{case.number}-1",
            government=Organisation.objects.get(key="445200-GOV"),
            finance=Organisation.objects.get(key=finance),
            payer=case.enterprise,
            standard_id=rules.value("fee.standard", on=DAY).id,
            heads=1,
            amount_fen=fen,
            assessed_at=now(),
        )
        vars(row)["stage"] = stage
        row.save()
        return row

    def lines(self, *facts: dict, account=None) -> list[StatementLine]:
        """Lines the bank has sent: ``{"fen": …, "payer": …, "note": …}``."""
        account = account or self.account()
        statement = Statement.objects.create(
            account=account, file_name="对账单.csv", digest="", sealed=b"", imported_at=now(),
            imported_by=Organisation.objects.get(key="445200-FIN").posts.first().user,
        )  # fmt: skip
        return [
            StatementLine.objects.create(
                **{"statement": statement, "account": account, "serial": f"S{next(_running)}", "on": DAY,
                   "payer": "某单位", **each}
            )
            for each in facts
        ]  # fmt: skip


@pytest.fixture
def money(world) -> Money:  # noqa: F811
    return Money()
