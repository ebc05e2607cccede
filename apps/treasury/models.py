"""The fiscal special account: what was booked, and what the bank says; amounts in 分 as integers.

Nothing here is ever changed: a wrong entry is corrected by another. Balances are derived, never stored.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Streamed
from apps.cases.models import Case
from apps.organisations.models import Organisation
from apps.policies.keys import PURPOSES


class SpecialAccount(Streamed):
    """The account one finance department keeps; the money of two levels is never in one."""

    STREAM = "account"

    finance = models.OneToOneField(
        Organisation, models.PROTECT, related_name="special_account", verbose_name=_("财政部门")
    )
    name = models.CharField(_("户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=120)
    number = models.CharField(_("账号"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("财政专户")
        verbose_name_plural = _("财政专户")

    def __str__(self):
        return self.name


class Ledger(models.TextChoices):
    """The heads under which an entry books; what is owned or spent is positive, what it came from negative."""

    BANK = "BANK", _("专户存款")
    TRANSIT = "TRANSIT", _("在途资金")
    FEES = "FEES", _("管理活动经费收入")
    SUSPENSE = "SUSPENSE", _("待查款项")
    REFUNDS = "REFUNDS", _("退付")
    ALLOCATIONS = "ALLOCATIONS", _("拨付")
    INTEREST = "INTEREST", _("利息收入")
    BANK_CHARGES = "BANK_CHARGES", _("银行手续费")


class EntryKind(models.TextChoices):
    """What happened to the money."""

    RECEIPT = "RECEIPT", _("收缴")
    CREDIT = "CREDIT", _("入专户")
    UNIDENTIFIED = "UNIDENTIFIED", _("待查入账")
    ASSIGNMENT = "ASSIGNMENT", _("待查认领")
    RETURN = "RETURN", _("待查退回")
    REFUND = "REFUND", _("退付")
    ALLOCATION = "ALLOCATION", _("拨付")
    INTEREST = "INTEREST", _("结息")
    CHARGE = "CHARGE", _("手续费")
    CORRECTION = "CORRECTION", _("更正")


class Entry(models.Model):
    """One journal entry: its postings add up to nothing, which the database checks."""

    APPEND_ONLY = True

    account = models.ForeignKey(
        SpecialAccount, models.PROTECT, related_name="entries", verbose_name=_("财政专户")
    )
    kind = models.CharField(_("业务"), max_length=16, choices=EntryKind)
    on = models.DateField(_("记账日期"))
    summary = models.CharField(_("摘要"), max_length=200)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="entries", verbose_name=_("案件"))
    # The act that booked it, by which it is found in the trail; and when.
    act = models.UUIDField(db_index=True)
    booked_at = models.DateTimeField(_("入账时间"))
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("更正的分录")
    )
    # The bank's line that an entry is about, where it is about one.
    line = models.ForeignKey(
        "StatementLine", models.PROTECT, null=True, related_name="entries", verbose_name=_("到账明细")
    )

    class Meta:
        verbose_name = _("分录")
        verbose_name_plural = _("分录")
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind__in=[EntryKind.RECEIPT, EntryKind.UNIDENTIFIED, EntryKind.INTEREST]),
                name="bank_line_booked_once",
                violation_error_message=_("该笔到账已经记账"),
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind__in=[EntryKind.ASSIGNMENT, EntryKind.RETURN]),
                name="suspense_settled_once",
                violation_error_message=_("该笔待查款项已经认领或退回"),
            ),
        ]
        indexes = [models.Index(fields=["account", "on", "id"], name="entry_by_day")]

    def __str__(self):
        return self.summary


class Posting(models.Model):
    """One line of an entry: so much under one head; what is spent names its purpose."""

    APPEND_ONLY = True

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings", verbose_name=_("分录"))
    ledger = models.CharField(_("科目"), max_length=16, choices=Ledger)
    fen = models.BigIntegerField(_("金额（分）"))
    purpose = models.CharField(_("用途"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("分录明细")
        verbose_name_plural = _("分录明细")
        constraints = [
            models.CheckConstraint(condition=~Q(fen=0), name="posting_is_not_nothing"),
            models.CheckConstraint(
                condition=~Q(ledger=Ledger.ALLOCATIONS) | ~Q(purpose=""), name="spending_has_its_purpose"
            ),
        ]

    def __str__(self):
        return f"{self.ledger} {self.fen}"

    @property
    def purpose_title(self) -> str:
        return str(PURPOSES.get(self.purpose, self.purpose))


class Statement(models.Model):
    """A file of the collecting bank, kept as it came."""

    APPEND_ONLY = True

    account = models.ForeignKey(
        SpecialAccount, models.PROTECT, related_name="statements", verbose_name=_("财政专户")
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("摘要"), max_length=64)
    sealed = models.BinaryField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导入人")
    )
    imported_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("银行对账文件")
        verbose_name_plural = _("银行对账文件")

    def __str__(self):
        return self.file_name


class StatementLine(models.Model):
    """Money the bank says came in: entered once by ``serial``, the bank's own number, however often it comes."""

    APPEND_ONLY = True

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="lines", verbose_name=_("银行对账文件")
    )
    account = models.ForeignKey(
        SpecialAccount, models.PROTECT, related_name="lines", verbose_name=_("财政专户")
    )
    serial = models.CharField(_("银行流水号"), max_length=60)
    on = models.DateField(_("到账日期"))
    fen = models.BigIntegerField(_("金额（分）"))
    payer = models.CharField(_("付款人"), max_length=120)
    payer_account = models.CharField(_("付款账号"), max_length=40, blank=True)
    note = models.CharField(_("附言"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("到账明细")
        verbose_name_plural = _("到账明细")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "serial"],
                name="bank_line_once",
                violation_error_message=_("该银行流水已导入过"),
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="bank_line_brings_money"),
        ]

    def __str__(self):
        return self.serial


class BankColumns(models.Model):
    """What one bank calls the columns of its file: our name of each, and the bank's header."""

    bank = models.CharField(_("开户银行"), max_length=120, unique=True)
    headers = models.JSONField(_("列名对应"), default=dict)

    class Meta:
        verbose_name = _("银行列名")
        verbose_name_plural = _("银行列名")

    def __str__(self):
        return self.bank


class Reconciliation(models.Model):
    """A month of an account as finance and the management body found it; signed by both it is locked for good."""

    account = models.ForeignKey(
        SpecialAccount, models.PROTECT, related_name="reconciliations", verbose_name=_("财政专户")
    )
    month = models.DateField(_("月份"))  # its first day
    figures = models.JSONField(_("账面数"))
    bank_fen = models.BigIntegerField(_("银行对账单余额（分）"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("编制人")
    )
    prepared_at = models.DateTimeField(_("编制时间"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("财政复核人")
    )
    reviewed_at = models.DateTimeField(_("财政复核时间"), null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("退管机构对账人"),
    )
    agreed_at = models.DateTimeField(_("退管机构对账时间"), null=True)

    LOCKED = Q(reviewed_at__isnull=False, agreed_at__isnull=False)

    class Meta:
        verbose_name = _("月度对账")
        verbose_name_plural = _("月度对账")
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_by_its_first_day"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("prepared_by")),
                name="reviewed_by_another",
                violation_error_message=_("编制人不能复核自己编制的对账单"),
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"

    @property
    def locked(self) -> bool:
        return self.reviewed_at is not None and self.agreed_at is not None


class DifferenceKind(models.TextChoices):
    """In what the bank, the receipts and the book may differ at a month's end."""

    IN_TRANSIT = "IN_TRANSIT", _("已收缴未入专户")
    NO_RECEIPT = "NO_RECEIPT", _("已入专户未收缴")
    SUSPENSE = "SUSPENSE", _("待查款项未清")
    NOT_BOOKED = "NOT_BOOKED", _("银行已到账未记账")
    BANK = "BANK", _("银行余额与账面不符")


class Difference(models.Model):
    """One difference of a month, who is to clear it up, and what that body says of it."""

    reconciliation = models.ForeignKey(
        Reconciliation, models.PROTECT, related_name="differences", verbose_name=_("月度对账")
    )
    kind = models.CharField(_("差异"), max_length=12, choices=DifferenceKind)
    fen = models.BigIntegerField(_("金额（分）"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name=_("案件"))
    line = models.ForeignKey(
        StatementLine, models.PROTECT, null=True, related_name="+", verbose_name=_("到账明细")
    )
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("对账差异")
        verbose_name_plural = _("对账差异")
        constraints = [
            models.CheckConstraint(condition=~Q(fen=0), name="difference_is_not_nothing"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.fen}"
