"""Who a retiree is, the sealed number behind the person, and who manages the person from when to when."""

import re
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.audit.streams import now, record
from apps.organisations.acting import Acting
from apps.organisations.models import Organisation
from apps.retirees import numbers, vault

KEPT = ("SELECT", "INSERT", "UPDATE")  # nobody is ever deleted
TAIL = re.compile(r"\d{3}[\dX]")


class Identity(models.Model):
    """One person's citizen number, sealed; what may be seen is only what it tells: sex and birth date."""

    APP_MAY = KEPT

    class Sex(models.TextChoices):
        MALE = "M", _("男")
        FEMALE = "F", _("女")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sealed = models.BinaryField(_("公民身份号码（密封）"))
    filled15_sealed = models.BinaryField(_("原填15位号码（密封）"), null=True)
    key_version = models.GeneratedField(
        expression=Func(F("sealed"), 1, function="get_byte"),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    tail_digest = models.CharField(max_length=64, db_index=True, editable=False)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("出生日期"))

    class Meta:
        verbose_name = _("身份")
        verbose_name_plural = _("身份")
        constraints = [models.CheckConstraint(condition=Q(sex__in=("M", "F")), name="identity_sex_is_known")]

    def __str__(self):
        return str(self.pk)

    @property
    def masked(self) -> str:
        """The number with its first four and last three characters only."""
        return numbers.mask(vault.unseal(self.sealed, owner=self.pk, field="number"))

    @property
    def on_paper(self) -> str:
        """The number as official papers print it: its first six and last four characters only."""
        return numbers.mask(vault.unseal(self.sealed, owner=self.pk, field="number"), first=6, last=4)

    def reveal(self, *, by: Acting, purpose: str) -> str:
        """Return the number in clear; the reading is recorded on the reader's own stream."""
        return reveal([self], by=by, purpose=purpose)[self.pk]


def reveal(identities: list[Identity], *, by: Acting, purpose: str) -> dict:
    """Return {identity id: number in clear}; one record on the reader's stream for the whole set."""
    opened = {one.pk: vault.unseal(one.sealed, owner=one.pk, field="number") for one in identities}
    record(
        by.user,
        "reveal",
        by=by,
        reason=purpose,
        given={"field": "number", "count": len(opened), "identities": sorted(map(str, opened))[:100]},
    )
    return opened


class RetireeQuerySet(models.QuerySet):
    def search(self, text: str):
        """Return those whose name, pinyin, initials, whole number or last four characters match the text."""
        text = " ".join(text.split())
        if not text:
            return self
        number = numbers.normalise(text)
        if TAIL.fullmatch(number):
            return self.filter(identity__tail_digest=vault.tail_digest(number))
        if any(character.isdigit() for character in number):
            try:
                return self.filter(identity__digest=vault.digest(numbers.check(number).value))
            except numbers.InvalidNumber:
                return self.none()
        if text.isascii():
            letters = "".join(text.lower().split())
            return self.filter(Q(name_pinyin__startswith=letters) | Q(name_pinyin__contains=f" {letters}"))
        return self.filter(name__contains=text.replace(" ", ""))


class Retiree(models.Model):
    """A retired person of an enterprise, living or dead; never deleted, one per identity."""

    APP_MAY = KEPT

    identity = models.OneToOneField(Identity, models.PROTECT, verbose_name=_("身份"))
    name = models.CharField(_("姓名"), max_length=60)
    name_pinyin = models.CharField(max_length=400, editable=False)
    died_on = models.DateField(_("死亡日期"), null=True, blank=True)
    phone_sealed = models.BinaryField(_("联系电话（密封）"), null=True)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="retirees", verbose_name=_("原企业")
    )
    si_agency = models.CharField(_("养老金发放机构"), max_length=120, blank=True)
    party_member = models.CharField(_("中共党员"), max_length=20, blank=True)
    facts = models.JSONField(_("其他情况"), default=dict, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = RetireeQuerySet.as_manager()

    class Meta:
        verbose_name = _("退休人员")
        verbose_name_plural = _("退休人员")
        ordering = ["name_pinyin", "pk"]
        indexes = [
            models.Index(fields=["name_pinyin", "id"], name="retiree_by_pinyin"),
            GinIndex(fields=["name"], name="retiree_name_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["name_pinyin"], name="retiree_pinyin_trigrams", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="retiree_has_a_name")]

    def __str__(self):
        return self.name

    @property
    def phone(self) -> str:
        """The telephone number in clear, for the office that manages the person; empty when none is known."""
        if self.phone_sealed is None:
            return ""
        return vault.unseal(self.phone_sealed, owner=self.identity_id, field="phone")


class ManagementInterval(models.Model):
    """Who is responsible for a retiree from when to when: one manager at any time, ends not included."""

    APP_MAY = KEPT

    retiree = models.ForeignKey(
        Retiree, models.PROTECT, related_name="intervals", verbose_name=_("退休人员"), db_index=False
    )
    manager = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("管理机构"), db_index=False
    )
    station = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        verbose_name=_("社区退管站"),
        null=True,
        blank=True,
        db_index=False,
    )
    period = DateTimeRangeField(_("管理期间"))

    class Meta:
        verbose_name = _("管理关系")
        verbose_name_plural = _("管理关系")
        indexes = [
            models.Index(
                fields=["manager", "retiree"],
                condition=Q(period__upper_inf=True),
                name="interval_open_by_manager",
            ),
            models.Index(
                fields=["station"],
                condition=Q(period__upper_inf=True, station__isnull=False),
                name="interval_open_by_station",
            ),
            # The exclusion's GiST index does not serve `retiree_id = ANY(...)`.
            models.Index(
                fields=["retiree"], condition=Q(period__upper_inf=True), name="interval_open_by_retiree"
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="one_manager_at_any_time",
                expressions=[("retiree", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("该退休人员在同一时间已由另一机构管理"),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__startswith__isnull=False),
                name="interval_has_a_beginning",
            ),
        ]

    def __str__(self):
        return f"{self.retiree_id}: {self.manager_id} {self.period}"
