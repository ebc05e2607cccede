"""What somebody was told, how each person wants to be told, and every message sent."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.jobs.work import WORK
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, Post

from .kinds import KINDS, How, Kind


class NoticeQuerySet(models.QuerySet):
    def seen_by(self, acting):
        """What a person was told in the post he acts under; in no post, nothing."""
        if acting is None:
            return self.none()
        return self.filter(user=acting.user, organisation=acting.organisation, role=acting.role)

    def of_holders(self):
        """What was told to people who still hold the post in which it concerned them."""
        held = {name: OuterRef(name) for name in ("user", "organisation", "role")}
        return self.filter(Exists(Post.objects.held().filter(**held)))


class Notice(models.Model):
    """One thing told to one person in one post; facts are codes and numbers, never personal data."""

    kind = models.CharField(_("类别"), max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(_("岗位"), max_length=20, choices=Role)
    # Named, not imported: notices stand below the cases.
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, related_name="+", verbose_name=_("案件")
    )
    job_id = models.BigIntegerField(null=True)  # a number: jobs may be swept
    facts = models.JSONField(default=dict)
    told_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(null=True)
    to_send = models.BooleanField(default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [models.UniqueConstraint(fields=["job_id", "user", "kind"], name="job_told_once")]
        indexes = [
            models.Index(fields=["user", "organisation", "role", "-id"], name="notice_list"),
            models.Index(
                fields=["user", "organisation", "role"], condition=Q(read_at=None), name="notice_unread"
            ),
            models.Index(fields=["user", "kind"], condition=Q(to_send=True), name="notice_to_send"),
        ]

    def __str__(self):
        return str(self.words)

    @property
    def about(self) -> Kind:
        return KINDS[self.kind]

    @property
    def words(self) -> str:
        """The notice as a sentence, in the reader's language."""
        return self.about.words % self._subject()

    def _subject(self) -> str:
        if work := self.facts.get("work"):
            return str(WORK[work].title) if work in WORK else work
        rows = self.facts.get("rows", 1)
        return (
            _("%(number)s（%(rows)d 项）") % {"number": self.case, "rows": rows}
            if rows > 1
            else str(self.case)
        )


class Preference(models.Model):
    """How soon a person wants notices of one kind to be sent; where there is no row, as the kind says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    how = models.CharField(max_length=5, choices=How)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self):
        return f"{self.kind} {self.how}"


class Reader(models.Model):
    """In which language a person reads messages, and the number for short ones where one was given."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="reader"
    )
    language = models.CharField(
        _("邮件语言"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    phone = models.CharField(
        _("接收短信的手机号码"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\+?[0-9]{8,15}$", _("请填写手机号码，只用数字"))],
    )

    def __str__(self):
        return self.language


class Channel(models.TextChoices):
    """The ways out of the house."""

    MAIL = "mail", _("电子邮件")
    SMS = "sms", _("短信")


class DeliveryQuerySet(models.QuerySet):
    def failed(self):
        """Those that were refused the last time they were tried."""
        return self.filter(sent_at=None, dropped_at=None).exclude(cause="")


class Delivery(models.Model):
    """One message to one person: what it tells of, how often it was tried, when it went out.

    Its key is made before it is first sent and names the message in every further try.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("收件人")
    )
    kind = models.CharField(_("类别"), max_length=20)
    channel = models.CharField(_("渠道"), max_length=4, choices=Channel)
    facts = models.JSONField()
    day = models.DateField(null=True)
    made_at = models.DateTimeField(_("生成时间"))
    tries = models.PositiveIntegerField(_("发送次数"), default=0)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    dropped_at = models.DateTimeField(null=True)
    cause = models.CharField(_("原因"), max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = _("发送记录")
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dropped_at=None), name="delivery_sent_or_dropped"
            ),
        ]
        indexes = [models.Index(F("made_at").desc(), name="delivery_latest")]

    def __str__(self):
        return f"{self.kind} {self.channel}"

    @property
    def title(self) -> str:
        """What sort of message this is, in words."""
        return KINDS[self.kind].title if self.kind in KINDS else _("每日汇总")
