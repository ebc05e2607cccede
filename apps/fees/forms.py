"""What the decisions on a fee must be given."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.calendar.forms import PastDateField
from apps.organisations.choices import OrgKind
from apps.organisations.models import Organisation

from .models import PayerBasis

MAY_PAY = (OrgKind.ENTERPRISE, OrgKind.LIQUIDATOR, OrgKind.OWNER_UNIT, OrgKind.FINANCE_DEPT)


class PayerForm(forms.Form):
    """Left empty, whoever the enterprise's status says pays."""

    payer = forms.ModelChoiceField(
        Organisation.objects.filter(kind__in=MAY_PAY, active_until=None),
        label=_("缴款单位（不选则按单位状态确定）"),
        required=False,
    )
    payer_basis = forms.ChoiceField(
        label=_("缴款依据"), choices=[("", "—"), *PayerBasis.choices], required=False
    )

    def clean(self):
        given = super().clean()
        if bool(given.get("payer")) != bool(given.get("payer_basis")):
            raise forms.ValidationError(_("另选缴款单位时，请同时选择单位和依据；否则两项都不填。"))
        return given


class CreditForm(forms.Form):
    effective = "credited_on"

    credited_on = PastDateField(label=_("入账日期"))
    slip = forms.CharField(label=_("入账回单号"), min_length=3, max_length=60)


class ClaimForm(forms.Form):
    claim_number = forms.CharField(label=_("债权申报编号"), min_length=3, max_length=60)


class SupplementForm(forms.Form):
    amount = forms.DecimalField(label=_("补缴金额（元）"), min_value=0.01, max_digits=12, decimal_places=2)


class PaidForm(forms.Form):
    effective = "paid_on"

    paid_on = PastDateField(label=_("退款日期"))


class RefundForm(forms.Form):
    payee = forms.CharField(label=_("收款户名"), min_length=2, max_length=120)
    payee_bank = forms.CharField(label=_("收款银行"), min_length=2, max_length=120)
    payee_account = forms.RegexField(r"^[0-9]{6,40}$", label=_("收款账号"))
