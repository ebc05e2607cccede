"""What an exemption is about and what the offices found: the request of a case, and the opinions beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case
from apps.clocks.indexes import clock_index
from apps.engine.models import Staged
from apps.fees.models import FeeAssessment
from apps.organisations.models import Organisation
from apps.policies.models import Rule


def _office(title, **terms):
    return models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=title, **terms)


class ExemptionRequest(models.Model):
    """The matter of one exemption case: the fee it is about, who is asked, what was found and decided; money in 分.

    ``government`` is none where the setting in force exempts nobody of this affiliation; ``decided_by`` is set
    with a decision that grants something. ``found_fen`` is none until the investigators have reported.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="exemption", verbose_name=_("案件"))
    assessment = models.ForeignKey(
        FeeAssessment, models.PROTECT, related_name="exemptions", verbose_name=_("经费核定")
    )
    open = models.BooleanField(_("未办结"), default=True, editable=False)
    round = models.PositiveSmallIntegerField(_("会签轮次"), default=0)
    returned = models.BooleanField(_("政府已退回补充核查"), default=False)
    appealed = models.BooleanField(_("本决定已申请复议"), default=False)

    labour = _office(_("劳动保障部门"))
    owner = _office(_("国资（主管）部门"))
    government = _office(_("审批政府"), null=True)
    reviewer = _office(_("复议机关"), null=True)
    decided_by = _office(_("作出决定的政府"), null=True)
    setting = models.ForeignKey(Rule, models.PROTECT, related_name="+", verbose_name=_("审批层级设置"))

    # as the applicant says
    assets_fen = models.BigIntegerField(_("申报的剩余资产（分）"), null=True)
    circumstances = models.TextField(_("退出情况"), blank=True)
    difficulty = models.TextField(_("困难情况"), blank=True)
    standing_in = models.CharField(_("代为申请的理由"), max_length=200, blank=True)

    # as the two investigators found
    investigator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )
    second_investigator = models.CharField(_("第二核查人"), max_length=60, blank=True)
    visited_on = models.DateField(_("现场核查日期"), null=True)
    found_fen = models.BigIntegerField(_("查明的剩余资产（分）"), null=True)
    difficulty_shown = models.BooleanField(_("困难属实"), default=False)
    findings = models.TextField(_("核查情况"), blank=True)

    labour_agrees = models.BooleanField(_("劳动保障部门意见"), null=True)
    labour_words = models.TextField(_("劳动保障部门意见内容"), blank=True)

    # as the government decided
    granted_fen = models.BigIntegerField(_("豁免金额（分）"), default=0)
    decision_number = models.CharField(_("决定文号"), max_length=60, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True)
    interpretation = models.CharField(_("适用的解释"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("豁免申请")
        verbose_name_plural = _("豁免申请")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(open=True),
                name="one_open_exemption",
                violation_error_message=_("该笔经费已有一件未办结的豁免申请"),
            ),
            models.CheckConstraint(condition=Q(granted_fen__gte=0), name="exemption_is_not_negative"),
            models.CheckConstraint(
                condition=Q(granted_fen=0) | (~Q(decision_number="") & Q(decided_by__isnull=False)),
                name="exempted_only_by_decision",
                violation_error_message=_("豁免须有政府决定"),
            ),
        ]

    def __str__(self):
        return str(self.assessment_id)

    @property
    def assets_left(self) -> int | None:
        """The assets on record, in 分: as found, or else as declared."""
        return self.assets_fen if self.found_fen is None else self.found_fen


class Asked(models.TextChoices):
    """Whose opinion is asked beside that of the labour department."""

    FINANCE = "FINANCE", _("财政部门")
    OWNER = "OWNER", _("国资（主管）部门")


class Opinion(Staged):
    """What one department says of a request; finance and owner are asked at once, each for itself."""

    anchor = "case"
    within_case = "feeexemption"
    offices = {
        "giver": "organisation",
        "authority": "case__authority",
        "labour": "case__exemption__labour",
        "government": "case__exemption__government",
        "reviewer": "case__exemption__reviewer",
    }

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions", verbose_name=_("案件"))
    organisation = _office(_("会签部门"))
    asked_as = models.CharField(_("会签身份"), max_length=10, choices=Asked)
    round = models.PositiveSmallIntegerField(_("会签轮次"))
    agrees = models.BooleanField(_("是否同意"), null=True)
    words = models.TextField(_("意见"), blank=True)
    effect = models.CharField(_("对专户和财政负担的影响"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("会签意见")
        verbose_name_plural = _("会签意见")
        constraints = [
            models.UniqueConstraint(fields=["case", "asked_as", "round"], name="opinion_once_a_round")
        ]
        indexes = [clock_index("opinion_clock")]

    def __str__(self):
        return str(self.get_asked_as_display())


class Objection(models.Model):
    """Somebody objected to a publicised request, and what was answered."""

    APPEND_ONLY = True

    request = models.ForeignKey(
        ExemptionRequest, models.PROTECT, related_name="objections", verbose_name=_("豁免申请")
    )
    raised_by = models.CharField(_("异议人"), max_length=60)
    words = models.TextField(_("异议内容"))
    answer = models.TextField(_("核查答复"))
    answered_at = models.DateTimeField(_("答复时间"))

    class Meta:
        verbose_name = _("公示异议")
        verbose_name_plural = _("公示异议")

    def __str__(self):
        return self.raised_by
