"""What one person has proposed and another must approve before it holds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Streamed


class Decision(models.TextChoices):
    """What became of a proposal; an empty one waits."""

    APPROVED = "APPROVED", _("已批准")
    REFUSED = "REFUSED", _("已退回")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


class ProposalQuerySet(models.QuerySet):
    def waiting(self):
        """Proposals that nobody has decided on."""
        return self.filter(decision="")


class Proposal(Streamed):
    """A change of rights, bodies or rules: written once, decided once, by two different people.

    A proposal without an author came from outside: an enterprise that asks for an account.
    """

    STREAM = "proposal"

    kind = models.CharField(_("类别"), max_length=20)
    # One matter waits once: two proposals of a kind about the same thing are not open together.
    subject = models.CharField(max_length=60, blank=True, default="")
    changes = models.JSONField(default=list)
    office = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="proposals", verbose_name=_("审批机构")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("提出人"),
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    decision = models.CharField(_("结果"), max_length=10, choices=Decision, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True, default="")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("变更申请")
        verbose_name_plural = _("变更申请")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(decision="") & ~Q(subject=""), name="proposed_once"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.APPROVED) | Q(author=None) | ~Q(decided_by=F("author")),
                name="approved_by_another",
            ),
        ]
        indexes = [models.Index(fields=["office", "decision", "-id"], name="proposal_of_office")]

    def __str__(self):
        return f"{self.kind} {self.pk}"
