"""What the acts on an allocation must be given; money is typed in 元 and kept in 分."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.calendar.forms import PastDateField
from apps.policies.keys import PURPOSES

from .models import STARTUP, Kind

FIRST = 2005
"""The year of the plan."""


class OpeningForm(forms.Form):
    """A start-up grant has but one purpose; the year's must be chosen."""

    kind = forms.ChoiceField(label=_("拨付类别"), choices=Kind.choices)
    year = forms.IntegerField(label=_("年度"), min_value=FIRST, max_value=9999)
    base_date = PastDateField(label=_("人数基准日"))
    purpose = forms.ChoiceField(
        label=_("用途（年度拨付须选）"),
        choices=[("", "—"), *((code, title) for code, title in PURPOSES.items() if code != STARTUP)],
        required=False,
    )

    def clean(self):
        given = super().clean()
        if given.get("kind") == Kind.START_UP:
            given["purpose"] = STARTUP
        elif not given.get("purpose"):
            self.add_error("purpose", _("请选择用途"))
        return given


class PaymentForm(forms.Form):
    effective = "paid_on"

    paid_on = PastDateField(label=_("拨付日期"))
    slip = forms.CharField(label=_("拨款凭证号"), min_length=3, max_length=60)


class UseForm(forms.Form):
    used = forms.DecimalField(label=_("使用金额（元）"), min_value=0, max_digits=13, decimal_places=2)
    use = forms.CharField(
        label=_("使用情况"), min_length=2, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
