"""Issued papers: the register of numbers, the bytes, and who voided, printed or checked what; only ever added."""

from django.conf import settings
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from apps.audit.streams import now
from apps.cases.models import Case
from apps.organisations.models import Organisation


class RandomCode(Func):
    """Sixteen hexadecimal characters nobody can guess: 64 bits of a strong random number, hashed."""

    template = "upper(substr(encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 1, 16))"
    output_field = models.CharField()
    allowed_default = True
    arity = 0


class NumberRegister(models.Model):
    """The last number an organisation has given in a year; its row is the lock."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("机构")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("发文编号簿")
        verbose_name_plural = _("发文编号簿")
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_register_a_year")]

    def __str__(self):
        return f"{self.organisation} {self.year}"


class Paper(models.Model):
    """One official paper that an act issued: its kind, its number, its case, and the paper it replaces."""

    APPEND_ONLY = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers", verbose_name=_("案件"))
    kind = models.CharField(_("文书"), max_length=60)
    issuer = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("制发机构")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("编号"))
    act = models.UUIDField(db_index=True)
    issued_at = models.DateTimeField(_("制发时间"))
    # The office a paper of several alike is meant for: each street gets its own.
    about = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("送达单位")
    )
    # What only the moment of the act knew: ids, counts and amounts, never personal data.
    facts = models.JSONField(default=dict)
    code = models.CharField(_("查验码"), max_length=16, editable=False, db_default=RandomCode())
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("替换")
    )

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "number"], name="paper_number_once"),
            models.UniqueConstraint(fields=["code"], name="paper_code_once"),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """The number as it is written: 榕城退管〔2026〕12号."""
        return f"{self.issuer.short_name or self.issuer.name}{self.numbered}"

    @property
    def numbered(self) -> str:
        """The number without its office: 〔2026〕12号."""
        return f"〔{self.year}〕{self.number}号"


class PaperFile(models.Model):
    """A paper's bytes as they were made once, sealed, with the facts they were made of."""

    APPEND_ONLY = True

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="file", verbose_name=_("文书"))
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    # Of the pages before they were signed: a signature is never the same twice, the same facts give these.
    unsigned_digest = models.CharField(_("签章前摘要"), max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    pages = models.PositiveIntegerField(_("页数"))
    sealed = models.BinaryField()
    facts_sealed = models.BinaryField()
    # Where in the stream of the case the digest is recorded; the seals cover it there.
    recorded_as = models.BigIntegerField()
    made_at = models.DateTimeField(_("制作时间"))

    class Meta:
        verbose_name = _("文书文件")
        verbose_name_plural = _("文书文件")

    def __str__(self):
        return self.digest


class Noted(models.Model):
    """What somebody did with papers, in which post's office, why, and when."""

    APPEND_ONLY = True

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("机构"))
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        abstract = True


class Voiding(Noted):
    """A paper declared void; its number stays taken."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="voiding", verbose_name=_("文书"))

    class Meta:
        verbose_name = _("文书作废")
        verbose_name_plural = _("文书作废")

    def __str__(self):
        return str(self.paper_id)


class Printing(Noted):
    """One copy of a paper handed out, the how-manieth, and why there had to be another."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="printings", verbose_name=_("文书"))
    copy = models.PositiveIntegerField(_("第几份"))

    class Meta:
        verbose_name = _("打印登记")
        verbose_name_plural = _("打印登记")
        constraints = [models.UniqueConstraint(fields=["paper", "copy"], name="paper_copy_once")]

    def __str__(self):
        return f"{self.paper_id}/{self.copy}"


class Bundle(Noted):
    """The letters of one bulk print for one office joined to one file, a volume of it where they are very many."""

    job = models.BigIntegerField()
    about = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("送达单位"))
    volume = models.PositiveSmallIntegerField(_("第几册"), default=1)
    papers = models.PositiveIntegerField(_("份数"))
    pages = models.PositiveIntegerField(_("页数"))
    digest = models.CharField(_("摘要"), max_length=64)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("成批打印")
        verbose_name_plural = _("成批打印")
        constraints = [models.UniqueConstraint(fields=["job", "about", "volume"], name="bundle_once")]

    def __str__(self):
        return str(self.about) if self.volume == 1 else _("%(office)s（第%(volume)d册）") % {
            "office": self.about, "volume": self.volume,
        }  # fmt: skip


class Check(models.Model):
    """Somebody asked whether a paper is genuine; who asked is not kept."""

    APPEND_ONLY = True

    class Answer(models.TextChoices):
        GENUINE = "GENUINE", _("真实有效")
        SUPERSEDED = "SUPERSEDED", _("已被新文书替换")
        VOID = "VOID", _("已作废")
        UNKNOWN = "UNKNOWN", _("查无此码")
        DIFFERENT = "DIFFERENT", _("文件与原件不符")
        UNPROVED = "UNPROVED", _("不能证实")

    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="checks", verbose_name=_("文书"))
    answer = models.CharField(_("结果"), max_length=10, choices=Answer)
    with_file = models.BooleanField(_("核对文件"), default=False)
    at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        verbose_name = _("查验登记")
        verbose_name_plural = _("查验登记")

    def __str__(self):
        return f"{self.paper_id} {self.answer}"
