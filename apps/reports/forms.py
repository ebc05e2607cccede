"""What the ledger is asked for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.exchange.rules.lists import CARE


class LedgerFilter(forms.Form):
    """Words and care category; read from the address, nonsense in it is left out."""

    q = forms.CharField(
        label=_("姓名、拼音或身份证后四位"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"class": "form-control", "type": "search", "placeholder": _("姓名、拼音或身份证后四位")}
        ),
    )
    care = forms.ChoiceField(
        label=_("照护类别"),
        required=False,
        choices=[("", _("全部照护类别")), *((one, _(one)) for one in CARE)],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def said(self, name: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name) or ""


def day(label) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date", "class": "form-control"})
    )


class PeriodForm(forms.Form):
    """From which day to which; this month so far when nothing is said."""

    since = day(_("起"))
    until = day(_("止"))

    def asked(self) -> dict:
        """The period as {since, until}: what was said where it makes sense, else this month so far."""
        today = timezone.localdate()
        return self.period if self.is_valid() else {"since": today.replace(day=1), "until": today}

    def clean(self):
        said, today = super().clean(), timezone.localdate()
        until = said.get("until") or today
        since = said.get("since") or until.replace(day=1)
        if until > today:
            raise ValidationError(_("截止日期不能晚于今天"))
        if since > until:
            raise ValidationError(_("起始日期不能晚于截止日期"))
        self.period = {"since": since, "until": until}
        return said


class PurposeForm(forms.Form):
    """Why sensitive data is opened or taken away; what is said here is recorded."""

    purpose = forms.CharField(
        label=_("用途（将记入履历）"),
        min_length=2,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("请写明用途"), "min_length": _("请写明用途，至少两个字")},
    )

    def clean_purpose(self):
        purpose = self.cleaned_data["purpose"].strip()
        if sum(sign.isalnum() for sign in purpose) < 2:
            raise ValidationError(_("请写明用途，至少两个字"))
        return purpose
