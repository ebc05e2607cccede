"""The one-off management fee: what a batch was assessed, who stands in it, what came in and what went back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case, CaseItem
from apps.clocks.indexes import clock_index
from apps.engine.models import Staged
from apps.organisations.models import Organisation
from apps.policies.models import Rule
from apps.retirees.models import Retiree
from apps.treasury.models import StatementLine

WAITING = ("issued", "part_paid", "overdue", "asset_pending")
"""The stages of an assessment that money may come in for, and from which an exemption may be asked."""


class PayerBasis(models.TextChoices):
    """Why this body pays (六(一)): the enterprise itself, or whoever stands in for it."""

    ENTERPRISE = "ENTERPRISE", _("移交企业")
    SUCCESSOR = "SUCCESSOR", _("承继单位")
    LIQUIDATOR = "LIQUIDATOR", _("清算组（管理人）")
    OWNER = "OWNER", _("主管部门（产权单位）")
    FINANCE = "FINANCE", _("同级财政")


class FeeAssessment(Staged):
    """What is due for the confirmed people of a batch, in 分, by the rule row in force that day.

    Due is ``amount_fen`` less ``exempted_fen``; what came in is the sum of its payments, never stored.
    """

    anchor = "case"
    within_case = "transferbatch"
    offices = {
        "applicant": "case__applicant",
        "authority": "case__authority",
        "government": "government",
        "finance": "finance",
    }
    assessment = "pk"
    """The path by which what concerns an assessment finds it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments", verbose_name=_("批次"))
    # What the payer writes into the bank's note, and the matching looks for.
    reference = models.CharField(_("缴款码"), max_length=30, unique=True)
    government = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("审批政府"))
    finance = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("财政部门"))
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="owes", verbose_name=_("缴款单位"))
    payer_basis = models.CharField(
        _("缴款依据"), max_length=10, choices=PayerBasis, default=PayerBasis.ENTERPRISE
    )
    standard = models.ForeignKey(Rule, models.PROTECT, related_name="+", verbose_name=_("标准"))
    heads = models.PositiveIntegerField(_("人数"))
    amount_fen = models.BigIntegerField(_("应缴金额（分）"))
    exempted_fen = models.BigIntegerField(_("豁免金额（分）"), default=0)
    assessed_at = models.DateTimeField(_("核定时间"))
    claim_number = models.CharField(_("债权申报编号"), max_length=60, blank=True)
    supplements = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="supplemented_by", verbose_name=_("补缴的原核定")
    )

    class Meta:
        verbose_name = _("经费核定")
        verbose_name_plural = _("经费核定")
        constraints = [
            models.CheckConstraint(
                condition=Q(exempted_fen__gte=0) & Q(exempted_fen__lte=models.F("amount_fen")),
                name="exempted_at_most_what_was_assessed",
                violation_error_message=_("豁免金额不得超过核定金额"),
            ),
        ]
        indexes = [clock_index("fee_clock")]

    def __str__(self):
        return f"{self.reference} {self.amount_fen / 100:,.2f}"


class Charge(models.Model):
    """One person's share of an assessment; nobody is charged twice in life."""

    assessment = models.ForeignKey(
        FeeAssessment, models.PROTECT, related_name="charges", verbose_name=_("经费核定")
    )
    item = models.ForeignKey(CaseItem, models.PROTECT, related_name="charges", verbose_name=_("人员"))
    retiree = models.ForeignKey(Retiree, models.PROTECT, related_name="charges", verbose_name=_("退休人员"))
    amount_fen = models.BigIntegerField(_("金额（分）"))
    void = models.BooleanField(_("已作废"), default=False)

    class Meta:
        verbose_name = _("人均经费")
        verbose_name_plural = _("人均经费")
        constraints = [
            models.UniqueConstraint(
                fields=["retiree"],
                condition=Q(void=False, amount_fen__gt=0),
                name="charged_once_in_life",
                violation_error_message=_("该退休人员已缴过管理活动经费，不得重复收取"),
            )
        ]
        indexes = [models.Index(fields=["item"], name="charge_of_item")]

    def __str__(self):
        return str(self.retiree_id)


class MatchedBy(models.TextChoices):
    """What told whose money a line of the bank is."""

    REFERENCE = "REFERENCE", _("缴款码")
    PAYER = "PAYER", _("付款人与金额")
    HAND = "HAND", _("人工认领")


class Match(models.Model):
    """Whose money a line of the bank is taken to be, until it is booked or taken back."""

    line = models.OneToOneField(
        StatementLine, models.PROTECT, related_name="match", verbose_name=_("到账明细")
    )
    assessment = models.ForeignKey(
        FeeAssessment, models.PROTECT, related_name="matches", verbose_name=_("经费核定")
    )
    by = models.CharField(_("匹配依据"), max_length=10, choices=MatchedBy)

    class Meta:
        verbose_name = _("到账匹配")
        verbose_name_plural = _("到账匹配")

    def __str__(self):
        return f"{self.line_id} {self.assessment_id}"


class Payment(models.Model):
    """Money taken in for an assessment: one line of the bank, one receipt."""

    APPEND_ONLY = True

    assessment = models.ForeignKey(
        FeeAssessment, models.PROTECT, related_name="payments", verbose_name=_("经费核定")
    )
    line = models.OneToOneField(
        StatementLine, models.PROTECT, related_name="payment", verbose_name=_("到账明细")
    )
    fen = models.BigIntegerField(_("金额（分）"))
    act = models.UUIDField(db_index=True)
    taken_at = models.DateTimeField(_("确认收款时间"))

    class Meta:
        verbose_name = _("缴款")
        verbose_name_plural = _("缴款")
        constraints = [models.CheckConstraint(condition=Q(fen__gt=0), name="payment_brings_money")]

    def __str__(self):
        return f"{self.fen / 100:,.2f}"


class Credit(models.Model):
    """A payment seen in the special account, by the bank's slip."""

    APPEND_ONLY = True

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="credit", verbose_name=_("缴款"))
    on = models.DateField(_("入账日期"))
    slip = models.CharField(_("入账回单号"), max_length=60)
    act = models.UUIDField()

    class Meta:
        verbose_name = _("入专户")
        verbose_name_plural = _("入专户")

    def __str__(self):
        return self.slip


class FeeRefund(Staged):
    """Money that goes back to whoever paid too much (退付)."""

    anchor = "case"
    within_case = "transferbatch"
    offices = {
        "applicant": "assessment__case__applicant",
        "authority": "assessment__case__authority",
        "finance": "assessment__finance",
    }

    case = models.ForeignKey(Case, models.PROTECT, related_name="refunds", verbose_name=_("批次"))
    assessment = models.ForeignKey(
        FeeAssessment, models.PROTECT, related_name="refunds", verbose_name=_("经费核定")
    )
    fen = models.BigIntegerField(_("退付金额（分）"))
    ground = models.CharField(_("退付理由"), max_length=20, blank=True)
    payee = models.CharField(_("收款户名"), max_length=120, blank=True)
    payee_bank = models.CharField(_("收款银行"), max_length=120, blank=True)
    payee_account = models.CharField(_("收款账号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("经费退付")
        verbose_name_plural = _("经费退付")
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="refund_is_not_nothing"),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=~Q(stage__in=["paid", "refused"]),
                name="one_open_refund",
                violation_error_message=_("该核定已有一件未办结的退付"),
            ),
        ]
        indexes = [clock_index("refund_clock")]

    def __str__(self):
        return f"{self.fen / 100:,.2f}"
