"""The forms about papers: adding one to a case, printing one, taking one back, printing many."""

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


class ReasonForm(forms.Form):
    """Why a paper is printed again, declared void or put right."""

    reason = forms.CharField(
        label=_("理由"), min_length=2, max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class RegisterFilter(forms.Form):
    """Which papers of one's office: by kind, year, and whether they were printed already."""

    kind = forms.ChoiceField(
        label=_("文书种类"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    year = forms.IntegerField(
        label=_("年度"), required=False, min_value=2005, max_value=2999,
        widget=forms.NumberInput(attrs={"class": "form-control", "placeholder": _("年度")}),
    )  # fmt: skip
    unprinted = forms.BooleanField(label=_("只看未打印"), required=False)

    def __init__(self, data, *, kinds):
        super().__init__(data)
        self.fields["kind"].choices = [("", _("全部种类")), *((kind.code, kind.title) for kind in kinds)]

    def apply(self, papers, acting):
        """Narrow an office's papers by what the form says; what makes no sense leaves none, never all to print."""
        if not self.is_valid():
            return papers.none()
        said = self.cleaned_data
        for name in ("kind", "year"):
            if said.get(name):
                papers = papers.filter(**{name: said[name]})
        if said.get("unprinted"):
            papers = papers.exclude(printings__organisation=acting.organisation)
        return papers
