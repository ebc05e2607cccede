"""What is asked for each kind of change: every form turns what was entered into the lines of a proposal."""

from datetime import date

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import ENTERPRISE_SIDE, OrgKind, Role
from apps.organisations.models import Organisation, Post, User
from apps.policies.forms import Day
from apps.retirees import numbers, vault

FOUNDED = [kind for kind in OrgKind if kind not in ENTERPRISE_SIDE and kind != OrgKind.PLATFORM]


def text(label, **options) -> forms.CharField:
    """A line of text."""
    options.setdefault("max_length", 60)
    return forms.CharField(label=label, widget=forms.TextInput(attrs={"class": "form-control"}), **options)


def day(label, **options) -> forms.DateField:
    """A day, with the browser's calendar."""
    return forms.DateField(label=label, widget=Day, **options)


def choice(label, choices, **options) -> forms.ChoiceField:
    """One of a closed list."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.Select(attrs={"class": "form-select"}), **options
    )


class BodyField(forms.CharField):
    """A body at work, named by its key or its whole name."""

    def __init__(self, label, **options):
        options.setdefault("help_text", _("填写机构标识或全称。"))
        super().__init__(label=label, widget=forms.TextInput(attrs={"class": "form-control"}), **options)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        active = Organisation.objects.active()
        found = list(active.filter(key=value)[:1]) or list(active.filter(name=value)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("没有找到这一机构，或有多个同名机构：请填写机构标识。"))
        return found[0]


class ChangeForm(forms.Form):
    """A form whose entries become one line of a proposal."""

    def line(self) -> dict:
        """The change as a proposal keeps it: ids, codes, and days as texts."""
        return {name: _kept(value) for name, value in self.cleaned_data.items()}

    def subject(self) -> str:
        """What may wait only once; nothing by default."""
        return ""


def _kept(value):
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, Model) else value


class AppointForm(ChangeForm):
    """A post for somebody who has an account, or is to get one."""

    username = text(_("账号"), max_length=150, validators=[User.username_validator])
    name = text(_("姓名"), required=False, help_text=_("账号已存在的，可不填。"))
    number = text(_("公民身份号码"), required=False, help_text=_("可不填；只保存摘要，用于回避与一人一号。"))
    organisation = BodyField(_("机构"))
    role = choice(_("岗位"), Role.choices)
    since = day(_("起任日期"))
    until = day(_("离任日期"), required=False, help_text=_("可不填；该日起不再任职。"))

    def clean_number(self):
        value = self.cleaned_data["number"]
        if not value:
            return ""
        try:
            return vault.digest(numbers.check(value).value)
        except numbers.InvalidNumber as fault:
            raise forms.ValidationError(str(fault)) from None

    def clean(self):
        said = super().clean()
        person = User.objects.filter(username=said.get("username", "")).first()
        if person is None and not said.get("name"):
            self.add_error("name", _("新账号请填写姓名。"))
        said["person"] = person
        return said

    def line(self) -> dict:
        said = super().line()
        person = self.cleaned_data["person"]
        said |= {"person": person.pk if person else None, "identity": said.pop("number")}
        return said | ({"name": person.name} if person else {})


class EndForm(ChangeForm):
    """The end of a post."""

    post = forms.ModelChoiceField(
        Post.objects.select_related("user", "organisation"),
        widget=forms.HiddenInput,
    )
    on = day(_("离任日期"), help_text=_("该日起不再任职。"))
    reason = text(_("理由"), max_length=200)

    def line(self) -> dict:
        return super().line() | {"person": self.cleaned_data["post"].user_id}

    def subject(self) -> str:
        return str(self.cleaned_data["post"].pk)


class PersonForm(ChangeForm):
    """Something about one person, with the reason."""

    person = forms.ModelChoiceField(User.objects.filter(is_active=True), widget=forms.HiddenInput)
    reason = text(_("理由"), max_length=200)

    def subject(self) -> str:
        return str(self.cleaned_data["person"].pk)


class FoundForm(ChangeForm):
    """A new body with its place and its approval."""

    key = text(_("标识"), max_length=40, help_text=_("全市唯一，例如445202001-RMO。"))
    kind = choice(_("类别"), [(kind.value, kind.label) for kind in FOUNDED])
    name = text(_("名称"), max_length=120)
    short_name = text(_("简称"), required=False)
    superior = BodyField(_("业务指导机构"), required=False)
    division = text(_("行政区划代码"), required=False, max_length=12)
    community = text(_("社区"), required=False, help_text=_("社区退管站填写。"))
    active_from = day(_("启用日期"))
    approval_number = text(_("机构设置批复文号"), required=False)
    approval_date = day(_("批复日期"), required=False)
    authorised_posts = forms.IntegerField(
        label=_("编制数"),
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def subject(self) -> str:
        return self.cleaned_data["key"]


class BodyForm(ChangeForm):
    """Something about one body."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(active_until=None), widget=forms.HiddenInput
    )

    def subject(self) -> str:
        return str(self.cleaned_data["organisation"].pk)


class RenameForm(BodyForm):
    """A body's other name."""

    name = text(_("新名称"), max_length=120)
    on = day(_("启用日期"))


class MoveForm(BodyForm):
    """A body's other superior."""

    superior = BodyField(_("业务指导机构"))


class CloseForm(BodyForm):
    """A body's end."""

    on = day(_("撤销日期"))
    reason = text(_("撤销依据"), max_length=200)


class DivisionForm(ChangeForm):
    """How a division is from a day on."""

    code = text(_("区划代码"), max_length=12)
    name = text(_("名称"), required=False, help_text=_("撤销的区划不填。"))
    parent_code = text(_("上级代码"), required=False, max_length=12)
    merged_into = text(_("并入"), required=False, max_length=12, help_text=_("撤销的区划填写并入的代码。"))
    on = day(_("启用日期"))

    def subject(self) -> str:
        return self.cleaned_data["code"]


# The form of each kind of change that administrators propose.
FORMS: dict[str, type[ChangeForm]] = {
    "appoint": AppointForm,
    "end": EndForm,
    "leave": PersonForm,
    "invite": PersonForm,
    "found": FoundForm,
    "rename": RenameForm,
    "move": MoveForm,
    "close": CloseForm,
    "division": DivisionForm,
}
