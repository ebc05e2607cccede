"""The records of a transfer: rosters and their rows, the frozen list, the match, signatures, the handover."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case, CaseItem, Placement
from apps.clocks.indexes import clock_index
from apps.engine.models import Staged
from apps.organisations.models import Organisation
from apps.retirees.models import Identity


class RosterVersion(models.Model):
    """One uploaded roster, kept sealed as it came; the highest number of a case is the draft in force."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="rosters", verbose_name=_("批次"))
    number = models.PositiveSmallIntegerField(_("版本"))
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("摘要"), max_length=64)
    sealed = models.BinaryField()
    cover = models.JSONField(_("封面"), default=dict)
    faults = models.JSONField(_("整表问题"), default=list)
    changes = models.JSONField(_("与上一版的差异"), default=dict)
    rows_count = models.PositiveIntegerField(_("行数"))
    faulty_count = models.PositiveIntegerField(_("不合格行数"))
    blocked = models.BooleanField(_("整表不合格"), default=False)
    superseded = models.BooleanField(_("已被新版替换"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("花名册版本")
        verbose_name_plural = _("花名册版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"],
                name="roster_version_once",
                violation_error_message=_("花名册正由他人上传"),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded=False), name="one_roster_in_force",
                violation_error_message=_("花名册正由他人上传"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.case} v{self.number}"


class RosterRowQuerySet(models.QuerySet):
    def current(self):
        """The rows of the versions in force."""
        return self.filter(version__superseded=False)

    def filed(self, cases):
        """The rows that batches file: those in force, without what blocks and what was left out."""
        return self.current().filter(version__case__in=cases, blocking=False, left_out=False)


class RosterRow(models.Model):
    """One row as the enterprise filled it; everything personal is sealed, faults are masked."""

    version = models.ForeignKey(
        RosterVersion, models.PROTECT, related_name="rows", verbose_name=_("花名册版本")
    )
    row_no = models.PositiveIntegerField(_("行号"))
    name = models.CharField(_("姓名"), max_length=60)
    identity = models.ForeignKey(
        Identity, models.PROTECT, null=True, related_name="+", verbose_name=_("身份")
    )
    sealed = models.BinaryField()
    street = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("接收街道（乡镇）")
    )
    residence = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("常年居住地街道")
    )
    hukou = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("户口所在地街道")
    )
    station = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("退管站")
    )
    placement = models.CharField(_("选择管理地"), max_length=10, choices=Placement, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    faults = models.JSONField(_("问题"), default=list)
    blocking = models.BooleanField(_("阻止申报"), default=False)
    left_out = models.BooleanField(_("不申报"), default=False)

    objects = RosterRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("花名册行")
        verbose_name_plural = _("花名册行")
        ordering = ["row_no"]
        constraints = [
            models.UniqueConstraint(fields=["version", "row_no"], name="roster_row_once"),
            models.UniqueConstraint(
                fields=["version", "identity"],
                condition=Q(blocking=False, left_out=False),
                name="person_once_in_a_roster",
                violation_error_message=_("同一人在花名册中出现两次"),
            ),
        ]
        indexes = [models.Index(fields=["identity"], name="roster_row_identity")]

    def __str__(self):
        return f"{self.row_no} {self.name}"


class Match(models.Model):
    """One comparison with the social-insurance agency: the query list sent, the answer sheet received."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="matches", verbose_name=_("批次"))
    digest = models.CharField(_("回复文件摘要"), max_length=64)
    file_name = models.CharField(_("文件名"), max_length=200)
    sealed = models.BinaryField()
    answered_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("社保比对")
        verbose_name_plural = _("社保比对")

    def __str__(self):
        return self.file_name


class Difference(models.Model):
    """One field in which roster and social-insurance register differ."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="differences", verbose_name=_("社保比对"))
    item = models.ForeignKey(CaseItem, models.PROTECT, related_name="differences", verbose_name=_("人员"))
    code = models.CharField(_("项目"), max_length=30)
    ours = models.CharField(_("花名册"), max_length=120, blank=True)
    theirs = models.CharField(_("社保"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("比对差异")
        verbose_name_plural = _("比对差异")

    def __str__(self):
        return self.code


class FrozenList(models.Model):
    """移交人员确认名册: the list of a batch as it was fixed, numbered, with the digest of its lines."""

    APPEND_ONLY = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="frozen_lists", verbose_name=_("批次"))
    number = models.PositiveSmallIntegerField(_("版本"))
    heads = models.PositiveIntegerField(_("人数"))
    digest = models.CharField(_("摘要"), max_length=64)
    fixed_at = models.DateTimeField(_("确认时间"))

    class Meta:
        verbose_name = _("确认名册")
        verbose_name_plural = _("确认名册")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="frozen_list_once")]

    def __str__(self):
        return f"{self.case} v{self.number}"


class FrozenLine(models.Model):
    """One confirmed person of a frozen list, and the street that confirmed."""

    APPEND_ONLY = True

    frozen_list = models.ForeignKey(
        FrozenList, models.PROTECT, related_name="lines", verbose_name=_("确认名册")
    )
    item = models.ForeignKey(CaseItem, models.PROTECT, related_name="frozen_lines", verbose_name=_("人员"))
    street = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("接收街道（乡镇）")
    )

    class Meta:
        verbose_name = _("确认名册行")
        verbose_name_plural = _("确认名册行")
        constraints = [models.UniqueConstraint(fields=["frozen_list", "item"], name="frozen_line_once")]

    def __str__(self):
        return str(self.item_id)


class Signature(Staged):
    """One signature under the transfer agreement: each signing body has its own row."""

    anchor = "case"
    within_case = "transferbatch"
    offices = {"signer": "organisation"}

    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures", verbose_name=_("批次"))
    frozen_list = models.ForeignKey(
        FrozenList, models.PROTECT, related_name="signatures", verbose_name=_("确认名册")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("签署单位")
    )

    class Meta:
        verbose_name = _("协议签署")
        verbose_name_plural = _("协议签署")
        constraints = [
            models.UniqueConstraint(
                fields=["frozen_list", "organisation"],
                name="signature_once",
                violation_error_message=_("该单位已列入本版名册的签署方"),
            )
        ]
        indexes = [clock_index("signature_clock")]

    def __str__(self):
        return str(self.organisation)


class Appointment(models.Model):
    """When and where a batch is handed over, and the three who sign: 移交人、接收人、监交人."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="appointment", verbose_name=_("批次"))
    held_on = models.DateField(_("交接日期"))
    place = models.CharField(_("交接地点"), max_length=120)
    handed_by = models.CharField(_("移交人"), max_length=60)
    received_by = models.CharField(_("接收人"), max_length=60)
    witnessed_by = models.CharField(_("监交人"), max_length=60)

    class Meta:
        verbose_name = _("交接安排")
        verbose_name_plural = _("交接安排")

    def __str__(self):
        return f"{self.held_on} {self.place}"


class Obligation(models.Model):
    """续责清单: what the enterprise still owes a retiree after the transfer."""

    class Kind(models.TextChoices):
        OUT_OF_POOL = "OUT_OF_POOL", _("统筹项目外养老金")
        HOUSING = "HOUSING", _("未房改住房管理维修")
        UNINSURED_PENSION = "UNINSURED_PENSION", _("未参保养老金")
        UNINSURED_MEDICAL = "UNINSURED_MEDICAL", _("未参保医疗费")

    case = models.ForeignKey(Case, models.PROTECT, related_name="obligations", verbose_name=_("批次"))
    item = models.ForeignKey(CaseItem, models.PROTECT, related_name="obligations", verbose_name=_("人员"))
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    detail = models.CharField(_("内容"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("续责事项")
        verbose_name_plural = _("续责事项")

    def __str__(self):
        return str(self.get_kind_display())
