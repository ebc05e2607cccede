"""What the register asks of people: a day to look at, and a rule row to propose."""

from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import OrgKind
from apps.organisations.models import Organisation
from apps.policies import scopes
from apps.policies.keys import KEYS
from apps.policies.models import Document, DocumentStatus, RuleStatus


class Day(forms.DateInput):
    """A date with the browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class AsOfForm(forms.Form):
    """On which day the rules are looked at; today when none is given."""

    on = forms.DateField(label=_("查看日期"), required=False, widget=Day)


class ProposeForm(forms.Form):
    """A rule row as its author enters it."""

    key = forms.ChoiceField(label=_("规则"), widget=forms.Select(attrs={"class": "form-select"}))
    amount = forms.IntegerField(
        label=_("数值"),
        min_value=0,
        help_text=_("按规则目录的单位填写整数，金额以分计。"),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    valid_from = forms.DateField(label=_("生效日期"), widget=Day)
    valid_until = forms.DateField(
        label=_("失效日期"), required=False, help_text=_("该日起不再适用，可不填。"), widget=Day
    )
    basis = forms.ModelChoiceField(
        Document.objects.order_by("number"),
        label=_("依据文件"),
        required=False,
        help_text=_("没有依据文件的规则不能核准。"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    citation = forms.CharField(
        label=_("依据条文"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    scope = forms.ChoiceField(
        label=_("适用范围"),
        required=False,
        choices=[("", _("全部企业")), *scopes.GROUPS.items()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    enterprise = forms.ModelChoiceField(
        Organisation.objects.filter(kind=OrgKind.ENTERPRISE, active_until=None).order_by("name"),
        label=_("只适用于一家企业"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    status = forms.ChoiceField(
        label=_("核实情况"),
        choices=[choice for choice in RuleStatus.choices if choice[0] != RuleStatus.DEMO],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(name, f"{key.title}（{key.measure}）") for name, key in KEYS.items()]

    def clean(self):
        said = super().clean()
        enterprise = said.pop("enterprise", None)
        if enterprise and said.get("scope"):
            self.add_error("enterprise", _("适用范围和单家企业只能选一项。"))
        if enterprise:
            said["scope"] = f"{scopes.ORGANISATION}{enterprise.key}"
        if said.get("scope") and said.get("key") not in scopes.SCOPED:
            self.add_error("scope", _("这条规则对全部企业相同，不分适用范围。"))
        return said


class DaysField(forms.CharField):
    """Days as a notice lists them, one a line: 2027-01-01 放假 元旦; 2027-01-03 上班."""

    WORKS = {"放假": False, "上班": True}
    widget = forms.Textarea(attrs={"class": "form-control", "rows": 12})

    def clean(self, value):
        found, faults = {}, []
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            day, works, name = [*line.split(maxsplit=2), "", ""][:3]
            try:
                found[date.fromisoformat(day)] = (self.WORKS[works], name)
            except (ValueError, KeyError):
                faults.append(gettext("第 %d 行应写作“2027-01-01 放假 元旦”或“2027-01-03 上班”。") % number)
        if faults:
            raise forms.ValidationError(faults)
        return found


class NoticeForm(forms.Form):
    """A notice on holidays as its author enters it."""

    title = forms.CharField(
        label=_("名称"), max_length=120, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    number = forms.CharField(
        label=_("文号"), max_length=60, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    year = forms.IntegerField(
        label=_("全年安排的年份"),
        required=False,
        min_value=2005,
        max_value=2100,
        help_text=_("国务院办公厅的全年通知才填写；本地的放假日不填。"),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    days = DaysField(
        label=_("放假与上班的日期"), help_text=_("每行一天，如“2027-01-01 放假 元旦”“2027-01-03 上班”。")
    )


class DocumentForm(forms.ModelForm):
    """A document as it is entered into the register."""

    status = forms.ChoiceField(
        label=_("状态"),
        choices=DocumentStatus.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    basis = forms.ModelMultipleChoiceField(
        Document.objects.order_by("number"),
        label=_("依据"),
        required=False,
        widget=forms.SelectMultiple(attrs={"class": "form-select", "size": 6}),
    )

    class Meta:
        model = Document
        fields = ("number", "title", "issuer", "issued_on", "status", "basis")
        widgets = {
            **dict.fromkeys(("number", "title", "issuer"), forms.TextInput(attrs={"class": "form-control"})),
            "issued_on": Day,
        }

    def validate_unique(self):
        """A known number is no fault: what is known of it is then entered anew."""

    def line(self) -> dict:
        """The document as a proposal keeps it."""
        said = self.cleaned_data
        issued_on = said["issued_on"].isoformat() if said["issued_on"] else ""
        return {**said, "issued_on": issued_on, "basis": [each.number for each in said["basis"]]}
