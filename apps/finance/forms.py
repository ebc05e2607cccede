"""What the finance desk asks: periods, amounts in 元, files and the names of their columns."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.audit.streams import now
from apps.exchange import statements
from apps.treasury.models import Ledger


def day(label, **terms) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}), **terms
    )


class YuanField(forms.DecimalField):
    """An amount typed in 元, given in 分 as an integer."""

    def __init__(self, **terms):
        attrs = {"class": "form-control num", "inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_digits=15, decimal_places=2, widget=forms.TextInput(attrs=attrs), **terms)

    def to_python(self, value):
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)

    def clean(self, value):
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * 100)


class PeriodFilter(forms.Form):
    """From which day to which, and under which head; this year so far when nothing is said."""

    since = day(_("起"), required=False)
    until = day(_("止"), required=False)
    head = forms.ChoiceField(
        label=_("科目"),
        required=False,
        choices=[("", _("全部业务")), *Ledger.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def said(self) -> tuple[dt.date, dt.date, str]:
        """Return the period and the head; nonsense in the address is left out."""
        self.is_valid()
        until = self.cleaned_data.get("until") or timezone.localdate(now())
        since = self.cleaned_data.get("since") or until.replace(month=1, day=1)
        return min(since, until), until, self.cleaned_data.get("head") or ""


class ChargeForm(forms.Form):
    """What the bank has charged."""

    on = day(_("日期"))
    fen = YuanField(label=_("金额（元）"), validators=[MinValueValidator(0)])
    summary = forms.CharField(
        label=pgettext_lazy("记账", "摘要"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def clean_fen(self):
        if not self.cleaned_data["fen"]:
            raise ValidationError(_("金额须大于零"))
        return self.cleaned_data["fen"]


class ReturnForm(forms.Form):
    """When and why money is sent back."""

    on = day(_("退回日期"))
    reason = forms.CharField(
        label=_("理由"), min_length=2, max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class PrepareForm(forms.Form):
    """Which month, and what the bank says stood in the account at its end."""

    month = forms.CharField(
        label=_("月份"), widget=forms.TextInput(attrs={"type": "month", "class": "form-control"})
    )
    bank_fen = YuanField(label=_("银行对账单月末余额（元）"))

    def clean_month(self) -> dt.date:
        return month_of(self.cleaned_data["month"], ValidationError(_("请按 yyyy-mm 填写月份")))


class StatementForm(forms.Form):
    """The bank's file; where its columns were not recognised, which is which."""

    file = forms.FileField(
        label=_("对账文件（xlsx、xls 或 csv）"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args, headers=(), **terms):
        super().__init__(*args, **terms)
        for key, column in statements.COLUMNS.items() if headers else ():
            self.fields[f"column-{key}"] = forms.ChoiceField(
                label=column.title,
                required=column.required,
                choices=[("", "—"), *((header, header) for header in headers)],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def columns(self) -> statements.Headers | None:
        """Return what a person said the columns are called; None where nobody was asked."""
        named = {
            name.removeprefix("column-"): [header]
            for name, header in self.cleaned_data.items()
            if name.startswith("column-") and header
        }
        return named or None


def month_of(text: str, otherwise: Exception) -> dt.date:
    """Return the first day of a month written as yyyy-mm, or raise what is given."""
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise otherwise from None
