"""Assessing the fee of a batch, and what becomes of the sum later; money in 分 as integers."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case
from apps.engine.words import Reasons
from apps.organisations.choices import OrgKind
from apps.organisations.models import Organisation
from apps.policies import rules
from apps.policies.scopes import scopes_of
from apps.treasury.offices import Government

from .models import Charge, FeeAssessment
from .payers import payers
from .standing import DUE, received

STANDARD = "fee.standard"
GROUNDS = Reasons(
    {
        "overcharged": _("多收或标准有误"),
        "error": _("技术性差错"),
        "duplicate": _("重复缴款"),
        "not_handed_over": _("人员未移交"),
        "exempted": _("缴款后获准豁免"),
    }
)
"""Why money is paid back."""


def assess(machine, cases: Sequence[Case], confirmed, *, at) -> list[FeeAssessment]:
    """Return the unsaved assessment of each batch, a row of ``machine``; ``confirmed`` are the people of all.

    The amount is the standard in force that day, in 分, for each of them never charged before. The most special
    row goes first: of the enterprise, of its affiliation, then the general one. Raises ``RuleMissing``.
    """
    heads = Counter(chargeable(confirmed).values_list("case", flat=True))
    governments = governments_over(case.authority_id for case in cases)
    finances = finances_of(set(governments.values()))
    standards = standards_for([case.enterprise_id for case in cases], at=at)
    paying = payers(case.enterprise_id for case in cases)
    earlier = Counter(FeeAssessment.objects.filter(case__in=cases).values_list("case", flat=True))
    return [
        machine(
            case=case,
            reference=f"{case.number}-{earlier[case.pk] + 1}",
            government_id=governments[case.authority_id],
            finance_id=finances[governments[case.authority_id]],
            payer_id=paying[case.enterprise_id][0],
            payer_basis=paying[case.enterprise_id][1],
            standard_id=standards[case.enterprise_id].id,
            heads=heads[case.pk],
            amount_fen=heads[case.pk] * standards[case.enterprise_id].value,
            assessed_at=at,
        )
        for case in cases
    ]


def standards_for(enterprises: Sequence[int], *, at) -> dict[int, rules.RuleValue]:
    """Return {enterprise: the standard that applies to it on the day}. Raises ``RuleMissing``."""
    scoped = rules.scoped(STANDARD, on=at)
    facts = Organisation.objects.filter(pk__in=enterprises).values_list(
        "pk", "key", "enterprise__affiliation", "enterprise__foreign_invested"
    )
    return {
        pk: scoped.first(*scopes_of(key=key, affiliation=affiliation, foreign=foreign))
        for pk, key, affiliation, foreign in facts
    }


def chargeable(people):
    """Those people for whom nobody has ever paid."""
    charged = Charge.objects.filter(retiree=OuterRef("retiree"), void=False)
    return people.filter(~Q(Exists(charged)))


def charge(assessments: Sequence[FeeAssessment], confirmed) -> None:
    """Write each person's share of the new assessments; those charged before stand in them with nothing."""
    of_case = {assessment.case_id: assessment for assessment in assessments}
    each = {one.case_id: one.amount_fen // max(one.heads, 1) for one in assessments}
    owing = set(chargeable(confirmed).values_list("pk", flat=True))
    Charge.objects.bulk_create(
        (
            Charge(
                assessment=of_case[case],
                item_id=item,
                retiree_id=retiree,
                amount_fen=each[case] if item in owing else 0,
            )
            for case, item, retiree in confirmed.order_by("pk").values_list("case", "pk", "retiree")
        ),
        batch_size=5000,
    )


def governments_over(bodies: Iterable[int]) -> dict[int, int]:
    """Return {body: the nearest government above it}: one statement."""
    found = Organisation.objects.filter(pk__in=set(bodies)).annotate(government=Government(F("id")))
    return dict(found.values_list("pk", "government"))


def finances_of(governments: set[int]) -> dict[int, int]:
    """Return {government: its finance department}, which keeps the special account of that level."""
    found = Organisation.objects.active().filter(kind=OrgKind.FINANCE_DEPT, parent__in=governments)
    return dict(found.values_list("parent", "pk"))


def name_payer(deed) -> None:
    """Whom the clerk names pays, for the reason given."""
    if deed.given["payer"]:
        deed.rows.update(payer=deed.given["payer"], payer_basis=deed.given["payer_basis"])


def note_claim(deed) -> None:
    deed.rows.update(claim_number=deed.given["claim_number"])


def release(items: Iterable[int], *, settled: Sequence[str]) -> None:
    """Take people who will not be received out of their assessments and sum these anew; ``settled`` ones are over.

    What was exempted shrinks with the sum; what was paid too much is found by the collection itself.
    """
    charges = Charge.objects.filter(item__in=items, void=False).exclude(assessment__stage__in=settled)
    touched = set(charges.values_list("assessment", flat=True))
    charges.update(void=True)
    left = Charge.objects.filter(assessment=OuterRef("pk"), void=False, amount_fen__gt=0)
    left = left.order_by().values("assessment")
    sum_left = Coalesce(Subquery(left.values(fen=Sum("amount_fen")), output_field=BigIntegerField()), 0)
    FeeAssessment.objects.filter(pk__in=touched).update(
        heads=Coalesce(Subquery(left.values(heads=Count("pk"))), 0),
        amount_fen=sum_left,
        exempted_fen=Least(F("exempted_fen"), sum_left),
    )


def void_charges(deed) -> None:
    Charge.objects.filter(assessment__in=deed.rows).update(void=True)


def supplement(deed, machine) -> None:
    """Enter a further assessment for what was charged too little, for the same people."""
    fen = int(deed.given["amount"] * 100)
    rows = list(deed.rows.select_related("case"))
    earlier = Counter(
        FeeAssessment.objects.filter(case__in=[row.case_id for row in rows]).values_list("case", flat=True)
    )
    copied = ("case_id", "government_id", "finance_id", "payer_id", "payer_basis", "standard_id", "heads")
    deed.enter(machine, [
        machine(
            reference=f"{row.case.number}-{earlier[row.case_id] + 1}", amount_fen=fen, assessed_at=deed.at,
            supplements_id=row.pk, **{name: getattr(row, name) for name in copied},
        )
        for row in rows
    ])  # fmt: skip


def ask_refund(deed, machine) -> None:
    """Enter the refund of all that came in beyond what is due."""
    over = deed.rows.annotate(over=received() - DUE).values_list("pk", "case", "over")
    account = {name: deed.given[name] for name in ("payee", "payee_bank", "payee_account")}
    deed.enter(
        machine, [machine(assessment_id=pk, case_id=case, fen=fen, **account) for pk, case, fen in over]
    )
