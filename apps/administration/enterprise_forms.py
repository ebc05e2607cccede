"""What an enterprise is asked for: its registration, and whom to reach there."""

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from apps.organisations.choices import Affiliation, OrgKind
from apps.organisations.models import Enterprise, Organisation

from .forms import ChangeForm, choice, text


class EnterpriseForm(ChangeForm):
    """An enterprise that asks for its place and its accounts."""

    name = text(_("单位名称"), max_length=120)
    short_name = text(_("简称"), required=False)
    uscc = text(_("统一社会信用代码"), max_length=18)
    org_code = text(_("组织机构代码"), required=False, max_length=10)
    affiliation = choice(_("隶属关系"), Affiliation.choices)
    authority = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("受理机构"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    si_agency = text(_("养老金发放机构"), required=False, max_length=80)
    foreign_invested = forms.BooleanField(
        label=_("外商投资"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    liaison_name = text(_("联系人"))
    liaison_phone = text(_("联系电话"), max_length=30)
    clerk = text(_("经办人姓名"))
    head = text(_("负责人姓名"), help_text=_("经办人与负责人应为不同人员。"))

    def __init__(self, *args, authority=None, **kwargs):
        super().__init__(*args, **kwargs)
        offices = Organisation.objects.active().filter(kind=OrgKind.RMO).order_by("key")
        self.fields["authority"].queryset = offices.filter(pk=authority.pk) if authority else offices
        self.initial.setdefault("authority", authority)

    def clean_uscc(self):
        value = self.cleaned_data["uscc"].upper()
        if not uscc.is_valid(value):
            raise forms.ValidationError(_("统一社会信用代码不正确，请核对营业执照。"))
        return value

    def clean(self):
        said = super().clean()
        if said.get("clerk") and said.get("clerk") == said.get("head"):
            self.add_error("head", _("经办人与负责人应为不同人员。"))
        return said

    def subject(self) -> str:
        return self.cleaned_data["uscc"]


class LiaisonForm(forms.ModelForm):
    """Whom the authority reaches at an enterprise."""

    class Meta:
        model = Enterprise
        fields = ("liaison_name", "liaison_phone")
        widgets = dict.fromkeys(fields, forms.TextInput(attrs={"class": "form-control"}))
