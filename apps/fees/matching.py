"""Whose money a line of the bank is: told by the reference in its note, else by payer and exact amount.

Matched as a set. What is not beyond doubt is only suggested: no line is set against another enterprise unless a
person says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.streams import lock, record
from apps.engine.door import Refused
from apps.organisations.choices import Role
from apps.treasury.models import Entry, EntryKind, SpecialAccount, StatementLine

from .models import WAITING, FeeAssessment, Match, MatchedBy, Payment

SETTLED = (EntryKind.ASSIGNMENT, EntryKind.RETURN)
MOST = 5  # suggestions for a line

# Names without blanks, width of brackets and case.
BARE = "translate(lower(regexp_replace({}, '\\s', '', 'g')), '（）', '()')"
# Codes with or without their dashes.
CODE = "replace({}, '-', '')"
# Lines that are neither matched nor booked; of some that are asked about, also those that wait in suspense.
FREE = f"""
free AS MATERIALIZED (
    SELECT line.id, line."on", line.fen, upper(line.note) AS note, {BARE.format("line.payer")} AS payer
    FROM treasury_statementline AS line
    WHERE line.account_id = %(account)s
      AND NOT EXISTS (SELECT FROM fees_match WHERE line_id = line.id)
      AND NOT EXISTS (SELECT FROM fees_payment WHERE line_id = line.id)
      AND (line.id = ANY(%(lines)s) OR NOT EXISTS (SELECT FROM treasury_entry WHERE line_id = line.id))),
bodies AS MATERIALIZED (
    SELECT id AS body, {BARE.format("name")} AS name FROM organisations_organisation
    WHERE kind IN ('ENTERPRISE', 'LIQUIDATOR', 'OWNER_UNIT', 'FINANCE_DEPT')
    UNION
    SELECT id, {BARE.format("short_name")} FROM organisations_organisation
    WHERE kind IN ('ENTERPRISE', 'LIQUIDATOR', 'OWNER_UNIT', 'FINANCE_DEPT') AND short_name <> ''),
waiting AS MATERIALIZED (
    SELECT fee.id, {CODE.format("fee.reference")} AS reference, fee.payer_id, fee.case_id,
           fee.amount_fen - fee.exempted_fen - coalesce(paid.fen, 0) - coalesce(matched.fen, 0) AS fen
    FROM fees_feeassessment AS fee
    LEFT JOIN (SELECT assessment_id, sum(fen) AS fen FROM fees_payment GROUP BY 1) AS paid
        ON paid.assessment_id = fee.id
    LEFT JOIN (
        SELECT assessment_id, sum(line.fen) AS fen
        FROM fees_match JOIN treasury_statementline AS line ON line.id = line_id
        WHERE NOT EXISTS (SELECT FROM fees_payment AS payment WHERE payment.line_id = line.id) GROUP BY 1
    ) AS matched ON matched.assessment_id = fee.id
    WHERE fee.finance_id = %(finance)s AND fee.stage = ANY(%(stages)s)),
said AS MATERIALIZED (
    SELECT DISTINCT free.id AS line, {CODE.format("code[1]")} AS reference
    FROM free, regexp_matches(free.note, '[A-Z0-9][A-Z0-9-]{{2,29}}', 'g') AS code)
"""  # noqa: S608 - our own words
BY_REFERENCE = f"""
WITH {FREE},
hit AS (
    SELECT said.line, min(waiting.id) AS assessment
    FROM said JOIN waiting USING (reference) GROUP BY said.line HAVING count(*) = 1)
INSERT INTO fees_match (line_id, assessment_id, by)
SELECT hit.line, hit.assessment, 'REFERENCE'
FROM hit JOIN free ON free.id = hit.line JOIN waiting ON waiting.id = hit.assessment
JOIN cases_case AS batch ON batch.id = waiting.case_id
LEFT JOIN (SELECT name, array_agg(body) AS ids FROM bodies GROUP BY name) AS known ON known.name = free.payer
-- A payer we know as another body may have written another's code by mistake.
WHERE known.ids IS NULL OR known.ids && ARRAY[waiting.payer_id, batch.enterprise_id, batch.applicant_id]
ON CONFLICT (line_id) DO NOTHING
"""  # noqa: S608 - our own words
BY_PAYER = f"""
WITH {FREE},
fits AS (
    SELECT free.id AS line, min(waiting.id) AS assessment
    FROM free JOIN bodies ON bodies.name = free.payer
    JOIN waiting ON waiting.payer_id = bodies.body AND waiting.fen = free.fen
    WHERE NOT EXISTS (
        SELECT FROM said JOIN fees_feeassessment AS named ON {CODE.format("named.reference")} = said.reference
        WHERE said.line = free.id)
    GROUP BY free.id HAVING count(DISTINCT waiting.id) = 1)
INSERT INTO fees_match (line_id, assessment_id, by)
SELECT DISTINCT ON (fits.assessment) fits.line, fits.assessment, 'PAYER'
FROM fits JOIN free ON free.id = fits.line ORDER BY fits.assessment, free."on", free.id
ON CONFLICT (line_id) DO NOTHING
"""  # noqa: S608 - our own words
SUGGESTED = f"""
WITH {FREE},
likely AS (
    SELECT free.id AS line, waiting.id AS assessment, waiting.fen AS due, 1 AS rank
    FROM free JOIN said ON said.line = free.id JOIN waiting ON waiting.reference = said.reference
    WHERE free.id = ANY(%(lines)s)
    UNION ALL
    SELECT free.id, waiting.id, waiting.fen, CASE WHEN waiting.fen = free.fen THEN 2 ELSE 3 END
    FROM free JOIN bodies ON bodies.name = free.payer JOIN waiting ON waiting.payer_id = bodies.body
    WHERE free.id = ANY(%(lines)s)
    UNION ALL
    SELECT free.id, waiting.id, waiting.fen, 4 FROM free JOIN waiting ON waiting.fen = free.fen
    WHERE free.id = ANY(%(lines)s)),
best AS (SELECT line, assessment, due, min(rank) AS rank FROM likely GROUP BY 1, 2, 3)
SELECT line, assessment, due, rank FROM (
    SELECT *, row_number() OVER (PARTITION BY line ORDER BY rank, abs(due), assessment) AS place FROM best) AS placed
WHERE place <= %(most)s ORDER BY line, place
"""  # noqa: S608 - our own words
WHY = {
    1: gettext_lazy("附言中有其缴款码，请核对付款人"),
    2: gettext_lazy("付款人与金额相符，请核对"),
    3: gettext_lazy("付款人相符，金额不同"),
    4: gettext_lazy("金额相同，付款人不同"),
}


@dataclass(frozen=True)
class Matched:
    """How many lines were matched, and by what."""

    by_reference: int
    by_payer: int


@dataclass(frozen=True)
class Suggestion:
    """An assessment a line may be for, what is still due for it in 分, and why it is suggested."""

    assessment: FeeAssessment
    due: int
    why: str


def match(account: SpecialAccount) -> Matched:
    """Match every line of an account that is neither matched nor booked, where there is no doubt: a few statements."""
    terms = _terms(account)
    with transaction.atomic(), connection.cursor() as cursor:
        lock(SpecialAccount, [account.pk])
        cursor.execute(BY_REFERENCE, terms)
        by_reference = cursor.rowcount
        cursor.execute(BY_PAYER, terms)
        return Matched(by_reference, cursor.rowcount)


def unmatched(account: SpecialAccount):
    """The lines of an account that wait to be matched or booked, oldest first."""
    lines = StatementLine.objects.filter(
        ~Exists(Entry.objects.filter(line=OuterRef("pk"))), account=account, match=None, payment=None
    )
    return lines.order_by("on", "id")


def in_suspense(account: SpecialAccount):
    """The lines of an account booked to 待查款项 and neither assigned nor returned nor matched since, oldest first."""
    booked = Entry.objects.filter(line=OuterRef("pk"))
    lines = StatementLine.objects.filter(
        Exists(booked.filter(kind=EntryKind.UNIDENTIFIED)),
        ~Exists(booked.filter(kind__in=SETTLED)),
        account=account,
        match=None,
        payment=None,
    )
    return lines.order_by("on", "id")


def suggestions(account: SpecialAccount, lines: Iterable[StatementLine]) -> dict[int, list[Suggestion]]:
    """Return {line: the assessments it may be for, likeliest first}; two statements for any number of lines."""
    with connection.cursor() as cursor:
        cursor.execute(SUGGESTED, _terms(account) | {"lines": [line.pk for line in lines], "most": MOST})
        found = cursor.fetchall()
    rows = FeeAssessment.objects.select_related("payer", "case").in_bulk({row[1] for row in found})
    told: dict[int, list[Suggestion]] = {}
    for line, assessment, due, rank in found:
        told.setdefault(line, []).append(Suggestion(rows[assessment], due, str(WHY[rank])))
    return told


def take(line: StatementLine, assessment: FeeAssessment, *, by) -> Match:
    """Say that a line is for an assessment; the officer of the account answers for it. Raises ``Refused``."""
    _officer(line, by)
    with transaction.atomic():
        lock(SpecialAccount, [line.account_id])
        if assessment.finance_id != line.account.finance_id:
            raise Refused(_("该核定的经费属于另一财政部门"))
        if not FeeAssessment.objects.filter(pk=assessment.pk, stage__in=WAITING).exists():
            raise Refused(_("该核定现在不等待缴款"))
        if not (unmatched(line.account) | in_suspense(line.account)).filter(pk=line.pk).exists():
            raise Refused(_("该笔到账已经匹配或记账"))
        made = Match.objects.create(line=line, assessment=assessment, by=MatchedBy.HAND)
        given = {"serial": line.serial, "reference": assessment.reference}
        record(line.account, "take_line", by=by, given=given)
    return made


def untake(line: StatementLine, *, by) -> None:
    """Take back what a line was matched with, while it is not booked. Raises ``Refused``."""
    _officer(line, by)
    with transaction.atomic():
        # The match is locked first: whoever takes the money in holds it, then books, then lets go.
        made = (
            Match.objects.select_for_update(of=["self"])
            .select_related("assessment")
            .filter(line=line)
            .first()
        )
        if made is None:
            raise Refused(_("该笔到账没有匹配"))
        if Payment.objects.filter(line=line).exists():
            raise Refused(_("该笔到账已经记账，更正须另记分录"))
        given = {"serial": line.serial, "reference": made.assessment.reference}
        made.delete()
        record(line.account, "untake_line", by=by, given=given)


def _officer(line: StatementLine, by) -> None:
    if by.role != Role.FISCAL_OFFICER or by.organisation.pk != line.account.finance_id:
        raise Refused(_("到账由本财政部门的财政专户管理员认定"))


def _terms(account: SpecialAccount) -> dict:
    return {"account": account.pk, "finance": account.finance_id, "stages": list(WAITING), "lines": []}
