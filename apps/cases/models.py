"""The concrete tables that every process moves: cases, their people, tasks, evidence, who may see what."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow import STATUS

from apps.clocks.indexes import clock_index
from apps.engine.models import (
    AbstractCase,
    AbstractEvidence,
    AbstractItem,
    AbstractParticipant,
    AbstractTask,
)
from apps.organisations.models import Organisation
from apps.retirees.models import Retiree

from . import faults


class CaseQuerySet(models.QuerySet):
    def seen_by(self, acting):
        """The cases this office takes part in, or whose area it watches over."""
        return self.filter(participants__organisation=acting.organisation)


class Case(AbstractCase):
    """One matter before the offices. ``enterprise`` is whose retirees it is about, whoever applies for it."""

    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="cases", verbose_name=_("移交企业")
    )
    opened_on = models.DateField(_("立案日期"))
    review_on = models.DateField(_("复查日期"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("案件")
        verbose_name_plural = _("案件")
        indexes = [
            models.Index(fields=["process", "stage", "due_at"], name="case_by_stage"),
            models.Index(fields=["applicant", "-id"], name="case_by_applicant"),
            clock_index("case_clock"),
        ]

    def __str__(self):
        return self.number


class Opened(models.Model):
    """Which case a form has opened: sent twice, it opens one."""

    APPEND_ONLY = True

    key = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self):
        return str(self.key)


class Placement(models.TextChoices):
    """What a retiree may choose as the place of management."""

    RESIDENCE = "RESIDENCE", _("常年居住地")
    HUKOU = "HUKOU", _("户口所在地")


class CaseItem(AbstractItem):
    """One retiree in one case: which street is asked to receive the person, and why that one."""

    offices = {
        "applicant": "case__applicant",
        "authority": "case__authority",
        "street": "organisation",
        "station": "station",
        "county": "organisation__superior",
        "city": "organisation__superior__superior",
    }
    person = "retiree"
    about = "retiree__identity__digest"

    case = models.ForeignKey(Case, models.PROTECT, related_name="items", verbose_name=_("案件"))
    retiree = models.ForeignKey(Retiree, models.PROTECT, related_name="items", verbose_name=_("退休人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="receives", verbose_name=_("接收街道（乡镇）")
    )
    station = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="serves", verbose_name=_("退管站")
    )
    placement = models.CharField(_("选择管理地"), max_length=10, choices=Placement)
    residence = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("常年居住地街道")
    )
    hukou = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("户口所在地街道")
    )
    faults = models.JSONField(_("待解决的问题"), default=list, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    review_on = models.DateField(_("复查日期"), null=True, blank=True)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("此前批次中的记录")
    )

    class Meta:
        verbose_name = _("批次人员")
        verbose_name_plural = _("批次人员")
        constraints = [
            models.UniqueConstraint(
                fields=["retiree"],
                condition=Q(open=True),
                name="one_open_item_per_retiree",
                violation_error_message=_("该退休人员已在另一未办结的批次中"),
            ),
            models.UniqueConstraint(
                fields=["case", "retiree"],
                name="retiree_once_in_a_case",
                violation_error_message=_("该退休人员在本批次中已列入一次"),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "stage"], name="item_by_case_and_stage"),
            models.Index(fields=["organisation", "stage"], name="item_by_street_and_stage"),
            clock_index("item_clock"),
        ]

    def __str__(self):
        return str(self.retiree)

    @property
    def fault(self) -> str:
        """What keeps the person from going on, in words."""
        return faults.say(self.faults)


OPEN = [STATUS.NEW, STATUS.ASSIGNED]
"""In which a task still waits for somebody."""


class Task(AbstractTask):
    """What a case waits for, as viewflow keeps it. Users are never deleted, nor are tasks."""

    process = models.ForeignKey(Case, models.PROTECT, verbose_name=_("案件"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    owner_permission_content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        constraints = [
            models.UniqueConstraint(
                fields=["process"], condition=Q(status__in=OPEN), name="one_open_task_per_case"
            )
        ]


class Participant(AbstractParticipant):
    """That an organisation may see a case."""

    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="participants")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "organisation"], name="participant_once")]
        indexes = [
            models.Index(fields=["organisation", "open", "due_at"], name="participant_inbox"),
            models.Index(fields=["organisation", "-case"], name="participant_seen"),
            models.Index(
                fields=["id"], condition=~Q(roles__contained_by=F("told")), name="participant_untold"
            ),
        ]


class Evidence(AbstractEvidence):
    """A paper attached to a case: sealed, with its digest, never changed."""

    APPEND_ONLY = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence", verbose_name=_("案件"))
    name = models.CharField(_("文件名"), max_length=200)
    media = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("大小"))
    sealed = models.BinaryField()
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("上传单位")
    )

    class Meta:
        verbose_name = _("材料")
        verbose_name_plural = _("材料")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation", "kind", "digest"], name="paper_attached_once"
            )
        ]
        indexes = [models.Index(fields=["case", "kind"], name="evidence_by_kind")]

    def __str__(self):
        return self.name
