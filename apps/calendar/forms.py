"""Dates as people enter them."""

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

    def clean(self, value):
        day = super().clean(value)
        if day and day < today():
            raise forms.ValidationError(_("日期不能早于今天（%s）") % today())
        return day
