"""Handing the personnel files to the archive of the level the enterprise belongs to.

Basis: 揭府办〔2005〕77号, sections 五(一)6, 五(二)4 and 八. Shelving and lending come with the archive's own process.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.documents.papers import FileList, GapStatement
from apps.engine.words import SYSTEM, Demand, Reasons, Stage, days
from apps.personnel_files.custody import record_check, record_gap, record_receipt
from apps.personnel_files.forms import CheckForm, GapForm, ReceiptForm
from apps.personnel_files.models import PersonnelFile

from .death import DIED
from .parties import ARCHIVIST, ENT_CLERK, ENT_HEAD, FILE_REVIEWER

FROM_HANDOVER = ["handing_over", "partial", "completed"]

has_file = Demand(_("花名册列有档案编号"), ~Q(file_no=""))
has_no_file = Demand(_("花名册未列档案编号"), Q(file_no=""))

RETURN_REASONS = Reasons(
    {
        "damaged": _("档案破损"),
        "mixed": _("混入他人材料"),
        "unsealed": _("未密封"),
        "forged": _("涉嫌涂改伪造"),
    }
)


class FileHandover(PersonnelFile):
    """人事档案移交"""

    on = {DIED: "keep"}

    announced = Stage(
        _("列册待交"), ARCHIVIST, start=True, untimed=_("档案自交接之日起核对，期限随批次的交接期限"),
    )  # fmt: skip
    checked = Stage(_("已核对"), ARCHIVIST, within=days("file.check"))
    gap_declared = Stage(_("缺件已说明"), FILE_REVIEWER, within=days("file.gap"))
    returned = Stage(_("退回补正"), ENT_CLERK, within=days("file.return"), paused=True)
    accepted = Stage(_("已接收"), end=True)
    gap_accepted = Stage(_("缺件接收"), end=True)
    none_certified = Stage(_("无档案证明"), end=True)
    deceased_kept = Stage(_("亡故保管"), end=True)

    inspect = announced.to(
        checked, _("核对档案"), by=ARCHIVIST, needs=[has_file], asks=CheckForm, does=record_check,
        during=FROM_HANDOVER, basis="八",
    )  # fmt: skip
    accept = checked.to(
        accepted, _("接收档案"), by=ARCHIVIST, asks=ReceiptForm, does=record_receipt, gives=[FileList],
        during=FROM_HANDOVER, basis="八",
    )  # fmt: skip
    declare_gap = (announced | checked).to(
        gap_declared, _("说明缺件"), by=ENT_HEAD, asks=GapForm, does=record_gap, gives=[GapStatement],
        during=FROM_HANDOVER, basis="八",
    )  # fmt: skip
    accept_gap = gap_declared.to(
        gap_accepted, _("同意缺件接收"), by=FILE_REVIEWER, needs=[has_file], during=FROM_HANDOVER, basis="八",
    )  # fmt: skip
    certify_none = gap_declared.to(
        none_certified, _("出具无档案证明"), by=FILE_REVIEWER, needs=[has_no_file], during=FROM_HANDOVER,
        basis="八",
    )  # fmt: skip
    send_back = checked.to(
        returned, pgettext_lazy("决定", "退回补正"), by=ARCHIVIST, reason=RETURN_REASONS,
        during=FROM_HANDOVER, basis="八",
    )  # fmt: skip
    resend = returned.to(announced, _("补正后重新送交"), by=ENT_CLERK, during=FROM_HANDOVER, basis="八")
    keep = (announced | checked | gap_declared | returned).to(
        deceased_kept, _("亡故人员档案留存"), by=SYSTEM, despite_suspension=True
    )

    class Meta:
        proxy = True
        verbose_name = _("档案移交")
        verbose_name_plural = _("档案移交")
