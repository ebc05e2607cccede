"""What the decisions of a transfer must be given."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.calendar.forms import ComingDateField, PastDateField
from apps.organisations.models import Organisation

streets = Organisation.objects.filter(kind="STREET_RMO", active_until=None).select_related("superior")


class SheetField(forms.FileField):
    """An uploaded spreadsheet of a size that can be read."""

    LARGEST = 50 * 1024 * 1024

    def clean(self, data, initial=None):
        sheet = super().clean(data, initial)
        if sheet and sheet.size > self.LARGEST:
            raise forms.ValidationError(_("文件超过50 MB：请分批上传。"))
        return sheet


class RosterForm(forms.Form):
    roster = SheetField(label=_("花名册（xlsx 或 csv）"))


class LeaveOutForm(forms.Form):
    rows = forms.RegexField(r"^[0-9]{1,7}(,[0-9]{1,7})*$", label=_("行号"))


class ConfirmForm(forms.Form):
    station = forms.ModelChoiceField(
        Organisation.objects.filter(kind="COMMUNITY_STATION", active_until=None),
        label=_("退管站（不选则按名册所填社区）"),
        required=False,
    )


class PlacementForm(forms.Form):
    street = forms.ModelChoiceField(streets, label=_("接收街道（乡镇）"))


class CorrectionForm(forms.Form):
    name = forms.CharField(label=_("更正后的姓名（无误则不填）"), min_length=2, max_length=30, required=False)
    note = forms.CharField(label=_("更正说明"), min_length=2, max_length=200)


class DeferralForm(forms.Form):
    review_on = ComingDateField(label=_("复查日期"), within_a_year=True)


class DeathForm(forms.Form):
    effective = "died_on"

    died_on = PastDateField(label=_("死亡日期"))
    reported_by = forms.CharField(label=_("报告人（企业、街道或家属）"), min_length=2, max_length=60)


class MeetingForm(forms.Form):
    effective = "met_on"

    met_on = PastDateField(label=_("见面日期"))


class AnswerForm(forms.Form):
    answer = SheetField(label=_("社保比对回复表"))


class AppointmentForm(forms.Form):
    held_on = ComingDateField(label=_("交接日期"))
    place = forms.CharField(label=_("交接地点"), min_length=2, max_length=120)
    handed_by = forms.CharField(label=_("移交人"), min_length=2, max_length=60)
    received_by = forms.CharField(label=_("接收人"), min_length=2, max_length=60)
    witnessed_by = forms.CharField(label=_("监交人"), min_length=2, max_length=60)

    def clean(self):
        given = super().clean()
        signers = [given.get(name) for name in ("handed_by", "received_by", "witnessed_by")]
        if all(signers) and len(set(signers)) < 3:
            raise forms.ValidationError(_("移交人、接收人、监交人须是三个不同的人"))
        return given


class SuspensionForm(forms.Form):
    review_on = ComingDateField(label=_("复查日期"), within_a_year=True)
