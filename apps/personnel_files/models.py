"""The paper file of each retiree: what the enterprise announced, what the archive found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.cases.models import Case
from apps.clocks.indexes import clock_index
from apps.engine.models import Staged
from apps.organisations.models import Organisation
from apps.retirees.models import Retiree


class PersonnelFile(Staged):
    """One file; its moves are recorded with the custodian, whom it outlives the batch with."""

    anchor = "custodian"
    within_case = "transferbatch"
    offices = {"custodian": "custodian", "applicant": "case__applicant", "authority": "case__authority"}
    person = "retiree"
    about = "retiree__identity__digest"

    case = models.ForeignKey(Case, models.PROTECT, related_name="personnel_files", verbose_name=_("批次"))
    retiree = models.ForeignKey(
        Retiree, models.PROTECT, related_name="personnel_files", verbose_name=_("退休人员")
    )
    custodian = models.ForeignKey(
        Organisation, models.PROTECT, related_name="personnel_files", verbose_name=_("档案保管机构")
    )
    file_no = models.CharField(_("档案编号"), max_length=60, blank=True)
    volumes = models.PositiveSmallIntegerField(_("卷数"), default=0)
    pages = models.PositiveIntegerField(_("页数"), default=0)
    gap = models.TextField(_("缺件或无档案说明"), blank=True)
    messenger = models.CharField(_("送交人"), max_length=60, blank=True)
    witness = models.CharField(_("监交人"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("人事档案")
        verbose_name_plural = _("人事档案")
        constraints = [
            models.UniqueConstraint(fields=["case", "retiree"], name="one_file_per_person_and_case"),
        ]
        indexes = [
            models.Index(fields=["custodian", "stage"], name="file_by_custodian"),
            clock_index("file_clock"),
        ]

    def __str__(self):
        return f"{self.retiree} {self.file_no}".strip()
