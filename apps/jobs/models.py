"""The job: a row is the truth about a piece of background work, a message only wakes somebody to look for it."""

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from apps.organisations.acting import Acting
from apps.organisations.models import Post

from .work import WORK


class Now(Func):
    """The moment by the database's clock, which a demo may shift."""

    function = "tuiguan_now"
    output_field = models.DateTimeField()


class Status(models.TextChoices):
    """Where a job stands; one under way is still waiting for others to see, until its transaction commits."""

    WAITING = "waiting", _("待处理")
    DONE = "done", _("已完成")
    DEAD = "dead", _("已停止")
    CANCELLED = "cancelled", _("已取消")


class Job(models.Model):
    """One piece of work: what, for whom, how far it has got, and what came of it; ids and codes only."""

    kind = models.CharField(_("任务"), max_length=60)
    given = models.JSONField(default=dict)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.WAITING)
    state = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    result = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(_("失败次数"), default=0)
    cause = models.CharField(_("原因"), max_length=200, default="")
    not_before = models.DateTimeField(db_default=Now())
    slot = models.BigIntegerField(null=True)
    # A number: jobs stand below the cases.
    case = models.BigIntegerField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, db_index=False, related_name="+")
    request_id = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField(_("提交时间"), db_default=Now())
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slot"], condition=Q(slot__isnull=False), name="job_once_in_a_slot"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.WAITING, ended_at=None)
                | (~Q(status=Status.WAITING) & Q(ended_at__isnull=False)),
                name="job_ended_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(done__gte=0, total__gte=0), name="job_counts_from_none"),
        ]
        indexes = [
            models.Index(
                IsNull(F("slot"), True),
                "not_before",
                "id",
                condition=Q(status=Status.WAITING),
                name="job_due",
            ),
            models.Index(fields=["cause", "kind"], condition=Q(status=Status.DEAD), name="job_dead"),
            models.Index(F("post"), F("id").desc(), condition=Q(post__isnull=False), name="job_of_post"),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def title(self) -> str:
        """What the work is called; a kind that is gone from the code keeps its code."""
        return WORK[self.kind].title if self.kind in WORK else self.kind

    @property
    def percent(self) -> int:
        """How much of it is done, in hundredths; a job that does not count is at none or all."""
        if self.status == Status.DONE:
            return 100
        return min(100, 100 * self.done // self.total) if self.total else 0

    @property
    def waits(self) -> bool:
        """Whether something is still to come of it."""
        return self.status == Status.WAITING

    @property
    def may_stop(self) -> bool:
        """Whether whoever gave it may still ask it to stop."""
        return self.waits and not self.stopping and (self.kind not in WORK or WORK[self.kind].may_stop)

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop and has not yet."""
        return self.waits and hasattr(self, "cancellation")

    @property
    def by(self) -> Acting | None:
        """In whose name the work is done; None is the system."""
        return Acting.of(self.post) if self.post else None


class Cancellation(models.Model):
    """Somebody asked a job to stop; a row of its own, because the job's is locked while a part of it runs."""

    job = models.OneToOneField(Job, models.CASCADE, related_name="cancellation")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return f"stop {self.job_id}"
