"""What streets are given: one allocation or start-up grant of a case, and the share of each street in it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case
from apps.clocks.indexes import clock_index
from apps.engine.models import Staged
from apps.organisations.models import Organisation
from apps.policies.keys import PURPOSES
from apps.policies.models import Rule

STARTUP = "startup"
"""The purpose of every start-up grant."""


class Kind(models.TextChoices):
    """Out of which money, by which rule."""

    YEARLY = "YEARLY", _("年度拨付")
    START_UP = "START_UP", _("开办费")


class Allocation(models.Model):
    """The matter of one case: what is given to the streets of a county, counted on which day, and who pays.

    A yearly allocation leaves the special account of ``finance``; a start-up grant its budget, never the account.
    ``rules`` are the rows by which the shares were reckoned.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="allocation", verbose_name=_("案件"))
    kind = models.CharField(_("拨付类别"), max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField(_("年度"))
    base_date = models.DateField(_("人数基准日"))
    purpose = models.CharField(_("用途"), max_length=20, choices=PURPOSES)
    finance = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("负担的财政部门")
    )
    rules = models.ManyToManyField(Rule, related_name="+", verbose_name=_("适用的规则"))
    paid_on = models.DateField(_("拨付日期"), null=True)
    slip = models.CharField(_("拨款凭证号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("经费拨付")
        verbose_name_plural = _("经费拨付")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.START_UP) | Q(purpose=STARTUP), name="start_up_has_its_purpose"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.year}"


class Share(Staged):
    """What one street is given: its heads on the base date, and the amount in 分; then what it used of it.

    ``rule`` is the row of the rate, or of the amount of the ``band`` (none: by rate). What the allocation says of
    kind, year and purpose stands here too, for that a street gets it once the table itself must see.
    """

    anchor = "case"
    within_case = "fundallocation"
    offices = {
        "street": "organisation",
        "authority": "case__authority",
        "finance": "case__allocation__finance",
    }
    attached_by = "organisation"

    case = models.ForeignKey(Case, models.PROTECT, related_name="shares", verbose_name=_("案件"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("街道（乡镇）")
    )
    kind = models.CharField(_("拨付类别"), max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField(_("年度"))
    purpose = models.CharField(_("用途"), max_length=20, choices=PURPOSES)
    counts = models.BooleanField(_("有效"), default=True, editable=False)
    heads = models.PositiveIntegerField(_("管理人数"))
    band = models.PositiveSmallIntegerField(_("档次"), null=True)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", verbose_name=_("适用的规则"))
    fen = models.BigIntegerField(_("金额（分）"))
    used_fen = models.BigIntegerField(_("使用金额（分）"), null=True)
    use = models.TextField(_("使用情况"), blank=True)

    class Meta:
        verbose_name = _("街道拨付")
        verbose_name_plural = _("街道拨付")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(kind=Kind.START_UP, counts=True),
                name="start_up_once_in_life",
                violation_error_message=_("开办费一个街道（乡镇）只核拨一次，该街道已列入"),
            ),
            models.UniqueConstraint(
                fields=["organisation", "year", "purpose"],
                condition=Q(kind=Kind.YEARLY, counts=True),
                name="allocated_once_a_year",
                violation_error_message=_("同一街道（乡镇）、同一年度、同一用途只拨付一次，该街道已列入"),
            ),
            models.UniqueConstraint(fields=["case", "organisation"], name="street_once_in_an_allocation"),
            models.CheckConstraint(condition=Q(fen__gt=0, heads__gt=0), name="share_is_not_nothing"),
            models.CheckConstraint(
                condition=Q(used_fen=None) | Q(used_fen__gte=0, used_fen__lte=F("fen")),
                name="used_within_the_share",
                violation_error_message=_("使用金额不得超过拨付金额"),
            ),
        ]
        indexes = [clock_index("share_clock")]

    def __str__(self):
        return str(self.organisation)


ONCE = {
    Kind.START_UP: Share._meta.constraints[0].violation_error_message,
    Kind.YEARLY: Share._meta.constraints[1].violation_error_message,
}
"""What is said to who asks again for a street that has it already."""
