"""The policy register: documents, their clauses, and the dated rows of every rule the system applies."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Streamed
from apps.policies import scopes
from apps.policies.keys import KEYS


class DocumentStatus(models.TextChoices):
    """Whether a document is in force, and how sure the register is of its text."""

    IN_FORCE = "IN_FORCE", _("现行")
    REPEALED = "REPEALED", _("废止")
    NOT_SEEN = "NOT_SEEN", _("原文待核")


class RuleStatus(models.TextChoices):
    """How much a row may claim: only VERIFIED is shown as law."""

    VERIFIED = "VERIFIED", _("已核实")
    UNVERIFIED = "UNVERIFIED", _("待核实")
    SETTING = "SETTING", _("系统默认设置")
    DEMO = "DEMO", _("演示值")


class Document(models.Model):
    """A policy document and the higher documents it rests on."""

    number = models.CharField(_("文号"), max_length=60, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    issuer = models.CharField(_("发文机关"), max_length=120)
    issued_on = models.DateField(_("发文日期"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=DocumentStatus, default=DocumentStatus.IN_FORCE
    )
    basis = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="basis_of", verbose_name=_("依据")
    )

    class Meta:
        verbose_name = _("政策文件")
        verbose_name_plural = _("政策文件")

    def __str__(self):
        return self.number


class Clause(models.Model):
    """One testable clause: the words of the document, and what the system must do because of them."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="clauses", verbose_name=_("文件"))
    code = models.CharField(_("编号"), max_length=10, unique=True)
    citation = models.CharField(_("出处"), max_length=30)
    text = models.TextField(_("原文"))
    requirement = models.TextField(_("系统要求"))
    requirement_en = models.TextField(_("系统要求（英文）"), default="")

    class Meta:
        verbose_name = _("条款")
        verbose_name_plural = _("条款")
        ordering = ["code"]

    def __str__(self):
        return self.code

    @property
    def required(self) -> str:
        """What the system must do, in the reader's language."""
        return self.requirement_en if get_language() == "en" else self.requirement


class Rule(Streamed):
    """A value of a declared key in one period; once a second person has approved it, it never changes."""

    STREAM = "rule"

    key = models.CharField(_("规则"), max_length=60)
    scope = models.CharField(_("适用范围"), max_length=60, blank=True, default="")
    value = models.JSONField(_("数值"))
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    valid = DateRangeField(_("有效期"))
    basis = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("依据文件")
    )
    citation = models.CharField(_("依据条文"), max_length=200, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=RuleStatus, default=RuleStatus.UNVERIFIED)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("录入人"),
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核准人"),
    )
    approved_at = models.DateTimeField(_("核准时间"), null=True, blank=True)
    # The open clocks have been reckoned with it.
    reckoned = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("规则")
        verbose_name_plural = _("规则")
        constraints = [
            ExclusionConstraint(
                name="one_rule_in_force",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(basis__isnull=False), name="approved_rule_has_basis"
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | (Q(author__isnull=False) & ~Q(approver=F("author"))),
                name="rule_approved_by_another",
            ),
            models.CheckConstraint(condition=Q(valid__startswith__isnull=False), name="rule_has_a_first_day"),
            models.UniqueConstraint(
                fields=["key", "scope", "value", "valid", "author"],
                condition=Q(approved_at=None),
                name="rule_proposed_once",
            ),
        ]
        indexes = [models.Index(fields=["key", "scope"], name="rule_key_scope")]

    def __str__(self):
        return f"{self.title}：{self.said}"

    @property
    def title(self) -> str:
        """What the key means."""
        return str(KEYS[self.key].title)

    @property
    def said(self) -> str:
        """The value with its unit."""
        return KEYS[self.key].says(self.value)

    @property
    def scope_said(self) -> str:
        """For whom it applies, where it is not for everybody."""
        return scopes.said(self.scope)

    @property
    def last_day(self) -> date | None:
        """The last day on which the row applies, or nothing while it is open."""
        return self.valid.upper - timedelta(days=1) if self.valid.upper else None
