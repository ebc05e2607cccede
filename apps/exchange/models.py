"""Files on their way between a person and a job, sealed: a roster to be read, a long list that was written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.audit.streams import now
from apps.organisations.models import Post


class Parcel(models.Model):
    """A file, or one part of a list still being written, kept for a few days for whoever it is for."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("任职"))
    # A number: finished jobs are tidied away.
    job = models.BigIntegerField(null=True)
    part = models.PositiveIntegerField(default=0)
    name = models.CharField(_("文件名"), max_length=200)
    media = models.CharField(max_length=80)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField(_("保存时间"), default=now)

    class Meta:
        verbose_name = _("传递文件")
        verbose_name_plural = _("传递文件")
        constraints = [models.UniqueConstraint(fields=["job", "part"], name="parcel_part_once")]

    def __str__(self):
        return self.name
