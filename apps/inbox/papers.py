"""The form that adds a paper to a case."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """One file of one of the kinds its case may ask for."""

    kind = forms.ChoiceField(label=_("材料种类"), widget=forms.Select(attrs={"class": "form-select"}))
    paper = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、JPG 或 PNG，不超过20MB"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *sent, kinds):
        super().__init__(*sent)
        self.fields["kind"].choices = [(kind.code, kind.title) for kind in kinds]
