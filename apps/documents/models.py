"""Issued papers and the register that numbers them per organisation and year, without holes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case
from apps.organisations.models import Organisation


class NumberRegister(models.Model):
    """The last number an organisation has given in a year; its row is the lock."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("机构"))
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("发文编号簿")
        verbose_name_plural = _("发文编号簿")
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_register_a_year")]

    def __str__(self):
        return f"{self.organisation} {self.year}"


class Paper(models.Model):
    """One official paper that an act issued: its kind, its number, its case."""

    APPEND_ONLY = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers", verbose_name=_("案件"))
    kind = models.CharField(_("文书"), max_length=60)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("制发机构"))
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("编号"))
    act = models.UUIDField(db_index=True)
    issued_at = models.DateTimeField(_("制发时间"))

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        constraints = [models.UniqueConstraint(fields=["issuer", "year", "number"], name="paper_number_once")]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """The number as it is written: 榕城退管〔2026〕12号."""
        return f"{self.issuer.short_name or self.issuer.name}〔{self.year}〕{self.number}号"
