"""Dates as people enter them."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.streams import now


def today():
    """Today by the database's clock, which a demo may have shifted."""
    return timezone.localtime(now()).date()


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class PastDateField(forms.DateField):
    """The date of something that has happened: never in the future."""

    widget = DateInput

    def clean(self, value):
        day = super().clean(value)
        if day and day > today():
            raise forms.ValidationError(_("日期不能晚于今天（%s）") % today())
        return day


class ComingDateField(forms.DateField):
    """The date of something that is still to come, or is today."""

    widget = DateInput

    def __init__(self, *, within_a_year: bool = False, **terms):
        super().__init__(**terms)
        self.ahead = timedelta(days=365) if within_a_year else None

    def clean(self, value):
        day, first = super().clean(value), today()
        if day and day < first:
            raise forms.ValidationError(_("日期不能早于今天（%s）") % first)
        if day and self.ahead and day > first + self.ahead:
            raise forms.ValidationError(_("日期不能晚于一年后（%s）") % (first + self.ahead))
        return day
