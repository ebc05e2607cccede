"""What the roster page is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.exchange.report import severity_title
from apps.inbox.filters import select

SEVERITIES = "EWS"


class FaultFilter(forms.Form):
    """Faults by severity and rule, or the rows left out; read from the address."""

    severity = select(_("程度"))
    code = select(_("规则"))
    q = forms.CharField(
        label=_("姓名"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "placeholder": _("姓名")}),
    )

    def __init__(self, data, *, kinds):
        super().__init__(data)
        severities = dict.fromkeys(kind.severity for kind in kinds)
        self.fields["severity"].choices = [
            ("", _("全部程度")),
            *((one, severity_title(one)) for one in SEVERITIES if one in severities),
        ]
        self.fields["code"].choices = [
            ("", _("全部规则")),
            *((kind.code, f"{kind.code} {kind.title} {kind.count}") for kind in kinds),
        ]
        self.is_valid()

    def said(self, name: str) -> str:
        return self.cleaned_data.get(name) or ""

    @property
    def narrowed(self) -> bool:
        return any(self.said(name) for name in self.fields)
