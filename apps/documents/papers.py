"""The official papers, one class each: title, number in the catalogue, whose they are, and what they print."""

from django.utils.translation import gettext_lazy as _

from . import asking, beside_facts, transfer_facts
from .kinds import KINDS, PaperKind

__all__ = ["KINDS"]  # and every paper below


class TransferApplication(PaperKind):
    """PDF-01"""

    title = _("移交申请书")
    layout = "letter"
    renews = True
    hands = {"prepared": "prepare", "approved": "submit"}
    tells = staticmethod(transfer_facts.application)


class ConfirmedRoster(PaperKind):
    """PDF-02"""

    title = _("移交人员确认名册")
    layout = "form"
    renews = True
    hands = {"prepared": "accept", "reviewed": "fix"}
    tells = staticmethod(transfer_facts.roster)


class AcceptanceNotice(PaperKind):
    """PDF-03"""

    title = _("受理通知书")
    layout = "letter"
    open = True
    hands = {"prepared": "accept"}
    tells = staticmethod(transfer_facts.filed)


class CorrectionNotice(PaperKind):
    """PDF-03"""

    title = _("补正通知书")
    layout = "letter"
    remedy = "review"
    hands = {"prepared": "correct"}
    tells = staticmethod(transfer_facts.filed)


class RefusalNotice(PaperKind):
    """PDF-03"""

    title = _("不予受理通知书")
    layout = "letter"
    remedy = "review"
    hands = {"prepared": "refuse"}
    tells = staticmethod(transfer_facts.filed)


class DifferenceList(PaperKind):
    """PDF-04"""

    title = _("社保比对差异表")
    layout = "form"
    renews = True
    hands = {"prepared": "record_answer"}
    tells = staticmethod(transfer_facts.differences)


class StreetOpinion(PaperKind):
    """PDF-05"""

    title = _("街道核实意见表")
    layout = "form"
    issuer = "about"
    renews = True
    hands = {"prepared": "confirm", "reviewed": "fix"}
    wanted = staticmethod(asking.by_confirming_street)
    tells = staticmethod(transfer_facts.opinion)


class PlacementRuling(PaperKind):
    """PDF-06"""

    title = _("归属裁定书")
    layout = "letter"
    remedy = "ruling"
    wanted = staticmethod(asking.by_disputing_street)
    tells = staticmethod(transfer_facts.ruling)


class ResidenceTransfer(PaperKind):
    """PDF-36"""

    title = _("居住地变更转移单")
    layout = "letter"
    wanted = staticmethod(asking.by_street_left_and_street_chosen)
    tells = staticmethod(transfer_facts.replacement)


class TransferAgreement(PaperKind):
    """PDF-07"""

    title = _("移交协议")
    layout = "letter"
    issuer = "authority"
    open = True
    renews = True
    hands = {"prepared": "accept", "reviewed": "fix"}
    tells = staticmethod(transfer_facts.agreement)


class ObligationList(PaperKind):
    """PDF-08"""

    title = _("企业续责清单")
    layout = "form"
    renews = True
    hands = {"prepared": "prepare", "approved": "submit"}
    tells = staticmethod(transfer_facts.obligations)


class HandoverNotice(PaperKind):
    """PDF-09"""

    title = _("交接通知")
    layout = "letter"
    hands = {"prepared": "accept", "reviewed": "fix", "approved": "hand_over"}
    wanted = staticmethod(asking.by_receiving_street)
    tells = staticmethod(transfer_facts.appointment)


class HandoverRecord(PaperKind):
    """PDF-09"""

    title = _("交接书")
    layout = "letter"
    issuer = "authority"
    open = True
    renews = True
    hands = {"prepared": "accept", "reviewed": "fix", "approved": "hand_over"}
    tells = staticmethod(transfer_facts.record)


class FileList(PaperKind):
    """PDF-10"""

    title = _("档案移交清单")
    layout = "form"
    tells = staticmethod(beside_facts.files)


class GapStatement(PaperKind):
    """PDF-11"""

    title = _("档案缺件说明")
    layout = "form"
    tells = staticmethod(beside_facts.files)


class CaseIndex(PaperKind):
    """PDF-47"""

    title = _("办结单及案卷目录")
    layout = "form"
    issuer = "authority"
    hands = {"prepared": "accept", "reviewed": "fix", "approved": "hand_over"}
    tells = staticmethod(transfer_facts.index)


class WithdrawalConfirmation(PaperKind):
    title = _("撤回确认书")
    layout = "letter"
    hands = {"approved": "withdraw"}
    tells = staticmethod(beside_facts.ending)


class TerminationNotice(PaperKind):
    title = _("终止通知书")
    layout = "letter"
    remedy = "review"
    hands = {"approved": "terminate"}
    tells = staticmethod(beside_facts.ending)


class StatusProof(PaperKind):
    """Taken, not given: 破产裁定、关闭批文、退出证明，存续企业的营业执照."""

    title = _("单位状态证明")


class DeathProof(PaperKind):
    title = _("死亡证明")
