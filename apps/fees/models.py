"""The one-off management fee: what a batch was assessed, and who stands in the assessment."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case, CaseItem
from apps.clocks.indexes import clock_index
from apps.engine.models import Staged
from apps.organisations.models import Organisation
from apps.policies.models import Rule
from apps.retirees.models import Retiree


class FeeAssessment(Staged):
    """What is due for the confirmed people of a batch, in 分, by the rule row in force that day."""

    anchor = "case"
    within_case = "transferbatch"
    offices = {"applicant": "case__applicant", "authority": "case__authority", "government": "government"}

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments", verbose_name=_("批次"))
    government = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("审批政府"))
    standard = models.ForeignKey(Rule, models.PROTECT, related_name="+", verbose_name=_("标准"))
    heads = models.PositiveIntegerField(_("人数"))
    amount_fen = models.BigIntegerField(_("应缴金额（分）"))
    assessed_at = models.DateTimeField(_("核定时间"))
    voucher = models.CharField(_("缴款凭证号"), max_length=60, blank=True)
    paid_on = models.DateField(_("缴款日期"), null=True, blank=True)
    decision_number = models.CharField(_("豁免批复文号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("经费核定")
        verbose_name_plural = _("经费核定")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="fee_is_not_negative"),
            models.UniqueConstraint(
                fields=["voucher"],
                condition=~Q(voucher=""),
                name="voucher_used_once",
                violation_error_message=_("该缴款凭证已登记过"),
            ),
        ]
        indexes = [clock_index("fee_clock")]

    def __str__(self):
        return f"{self.case} {self.amount_fen / 100:.2f}"


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
