"""The public page that says whether a paper is genuine; nobody signs in, and it tells nothing of a person."""

import hashlib

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from .checking import check, normalised
from .kinds import KINDS

LARGEST = 100 * 1024 * 1024


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("查验码"),
        max_length=40,
        help_text=_("文书页脚的16位字母数字，空格可以省略"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("PDF文件"),
        help_text=_("只比对内容摘要，不保存文件"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".pdf"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过100MB，不是本系统制发的文书"))
        return file


class Ask(View):
    """Takes a code somebody types off a paper."""

    def get(self, request):
        form = CodeForm(request.GET or None)
        if form.is_valid():
            return redirect("verify", normalised(form.cleaned_data["code"]))
        return render(request, "documents/verify.html", {"form": form})


class Verify(View):
    """Says what is known of one code; with a file, whether it is the very paper that was issued."""

    def get(self, request, code):
        return self._answer(request, check(normalised(code)), FileForm())

    def post(self, request, code):
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._answer(request, check(normalised(code)), form)
        digest = hashlib.sha256()
        for part in form.cleaned_data["file"].chunks():  # anybody may send one: never whole in memory
            digest.update(part)
        checked = check(normalised(code), digest.hexdigest())
        return self._answer(request, checked, FileForm(), with_file=True)

    @staticmethod
    def _answer(request, checked, form, *, with_file=False):
        paper = checked.paper
        shown = {
            "checked": checked,
            "paper": paper,
            "title": KINDS[paper.kind].title if paper else "",
            "file_form": form if paper and hasattr(paper, "file") else None,
            "with_file": with_file,
            "form": CodeForm(),
        }
        return render(request, "documents/verify.html", shown, status=200 if paper else 404)
