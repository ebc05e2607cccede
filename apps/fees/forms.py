"""What the decisions on a fee must be given."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.calendar.forms import PastDateField


class PaymentForm(forms.Form):
    effective = "paid_on"

    voucher = forms.CharField(label=_("缴款凭证号"), min_length=3, max_length=60)
    paid_on = PastDateField(label=_("缴款日期"))


class ExemptionForm(forms.Form):
    decision_number = forms.CharField(label=_("豁免批复文号"), min_length=4, max_length=60)
