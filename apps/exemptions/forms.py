"""What the decisions on an exemption must be given; money is typed in 元 and kept in 分."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.calendar.forms import PastDateField
from apps.fees.models import FeeAssessment

LARGEST = 10**10  # 元


class YuanField(forms.DecimalField):
    """An amount typed in 元; its value is a whole number of 分."""

    def __init__(self, **terms):
        super().__init__(**{"min_value": 0, "max_value": LARGEST, "decimal_places": 2} | terms)

    def clean(self, value):
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * 100)


def _text(label, *, least: int = 2, most: int = 1000, required: bool = True):
    return forms.CharField(
        label=label,
        min_length=least,
        max_length=most,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OpeningForm(forms.Form):
    assessment = forms.ModelChoiceField(FeeAssessment.objects.all(), label=_("应缴经费"))


class DeclarationForm(forms.Form):
    circumstances = _text(_("退出情况（时间、批准机关、清算结果）"), least=4)
    assets = YuanField(label=_("尚未用于缴费的剩余资产（元，没有填0）"))
    difficulty = _text(_("缴费确有困难的情况"), least=4)
    standing_in = forms.CharField(
        label=_("代为申请的理由（由清算组、主管部门申请时填写）"), max_length=200, required=False
    )


class ReportForm(forms.Form):
    effective = "visited_on"

    second = forms.CharField(label=_("第二核查人姓名"), min_length=2, max_length=60)
    visited_on = PastDateField(label=_("现场核查日期"))
    registration = forms.BooleanField(label=_("已查登记机关"))
    real_estate = forms.BooleanField(label=_("已查土地、房产登记"))
    bank = forms.BooleanField(label=_("已查银行账户"))
    court = forms.BooleanField(label=_("已查法院（清算、执行）"))
    sasac = forms.BooleanField(label=_("已查国资部门"))
    assets = YuanField(label=_("查明的剩余资产（元，没有填0）"))
    difficulty = forms.ChoiceField(
        label=_("缴费确有困难"), choices=[("yes", _("属实")), ("no", _("不属实"))], widget=forms.RadioSelect
    )
    findings = _text(_("核查情况"), least=4)


class ObjectionForm(forms.Form):
    raised_by = forms.CharField(label=_("异议人"), min_length=2, max_length=60)
    words = _text(_("异议内容"))
    answer = _text(_("核查答复"))


class OpinionForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("意见"), choices=[("yes", _("同意豁免")), ("no", _("不同意豁免"))], widget=forms.RadioSelect
    )
    words = _text(_("意见及理由"))


class FinanceOpinionForm(OpinionForm):
    effect = forms.CharField(label=_("对财政专户和同级财政负担的影响"), min_length=2, max_length=200)


class DecisionForm(forms.Form):
    decision_number = forms.CharField(label=_("决定文号"), min_length=4, max_length=60)


class GrantForm(DecisionForm):
    grounds = _text(_("理由"))


class PartGrantForm(GrantForm):
    amount = YuanField(label=_("豁免金额（元）"), min_value=1)

    field_order = ["amount", "decision_number", "grounds"]


class RevocationForm(DecisionForm):
    effective = "heard_on"

    heard_on = PastDateField(label=_("听取缴款单位陈述申辩日期"))


class AppealForm(forms.Form):
    grounds = _text(_("复议请求和理由"))
