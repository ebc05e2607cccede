"""What the decisions on a file must be given; a file never passes through the retiree's own hands."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    messenger = forms.CharField(label=_("企业送交人"), min_length=2, max_length=60)


class ReceiptForm(forms.Form):
    witness = forms.CharField(label=_("监交人"), min_length=2, max_length=60)


class GapForm(forms.Form):
    gap = forms.CharField(label=_("缺什么、为什么缺"), min_length=4, max_length=500, widget=forms.Textarea)
