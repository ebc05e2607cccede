"""What somebody looks for among the notices, and how a person wants to be told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kinds import KINDS, How
from .models import Reader

SELECT = {"class": "form-select"}


class NoticeFilter(forms.Form):
    """Read from the address; nonsense in it is left out."""

    kind = forms.ChoiceField(
        label=_("类别"),
        required=False,
        choices=[("", _("全部类别")), *((kind.code, kind.title) for kind in KINDS.values())],
        widget=forms.Select(attrs=SELECT),
    )
    show = forms.ChoiceField(
        label=_("已读和未读"),
        required=False,
        choices=[("", _("全部")), ("unread", _("未读"))],
        widget=forms.Select(attrs=SELECT),
    )

    def apply(self, notices):
        """Narrow the notices by what the form says."""
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            notices = notices.filter(kind=kind)
        return notices.filter(read_at=None) if self.cleaned_data.get("show") else notices

    @property
    def narrowed(self) -> bool:
        return any(self.cleaned_data.values())


class ReaderForm(forms.ModelForm):
    """Language and telephone, and for each kind how soon it is sent."""

    class Meta:
        model = Reader
        fields = ["language", "phone"]
        widgets = {
            "language": forms.Select(attrs=SELECT),
            "phone": forms.TextInput(
                attrs={"class": "form-control", "inputmode": "tel", "autocomplete": "tel"}
            ),
        }

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        for code, kind in KINDS.items():
            self.fields[code] = forms.ChoiceField(
                label=kind.title, choices=How.choices, initial=chosen[code], widget=forms.RadioSelect
            )

    def kinds(self):
        return [self[code] for code in KINDS]

    def wanted(self) -> dict[str, How]:
        """How soon each kind is to be sent."""
        return {code: self.cleaned_data[code] for code in KINDS}
