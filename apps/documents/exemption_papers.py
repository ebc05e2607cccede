"""The papers of an exemption from the management fee, one class each."""

from django.utils.translation import gettext_lazy as _

from . import exemption_facts as facts
from . import transfer_facts
from .kinds import PaperKind


class ExemptionApplication(PaperKind):
    """PDF-19"""

    title = _("管理活动经费豁免申请书")
    layout = "letter"
    open = True
    renews = True
    hands = {"prepared": "apply", "approved": "submit"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.application)


class ExemptionAcceptance(PaperKind):
    """PDF-03"""

    title = _("豁免申请受理通知书")
    layout = "letter"
    hands = {"prepared": "accept"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.accepted)


class InvestigationReport(PaperKind):
    """X3: signed by the two who looked."""

    title = _("资产与困难核查报告")
    layout = "letter"
    open = True
    renews = True
    hands = {"prepared": "report"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.report)


class ExemptionPublicity(PaperKind):
    """X4: says of the enterprise what everybody may read, and nothing of a person."""

    title = _("管理活动经费豁免公示")
    layout = "letter"
    open = True
    renews = True
    hands = {"prepared": "report"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.publicity)


class OpinionSheet(PaperKind):
    """X5"""

    title = _("豁免会签意见")
    layout = "letter"
    wanted = staticmethod(facts.by_opinion)
    tells = staticmethod(facts.opinion)


class Submission(PaperKind):
    """X6"""

    title = _("关于豁免管理活动经费的请示")
    layout = "letter"
    open = True
    renews = True
    hands = {"prepared": "report", "reviewed": "conclude", "approved": "send_up"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.submission)


class ExemptionDecision(PaperKind):
    """PDF-20"""

    title = _("管理活动经费豁免批复")
    layout = "letter"
    open = True
    hands = {"prepared": "report", "reviewed": "send_up", "approved": "approve"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.granted)


class ExemptionRefusal(PaperKind):
    """PDF-20"""

    title = _("不予豁免决定书")
    layout = "letter"
    open = True
    hands = {"prepared": "report", "reviewed": "send_up", "approved": "reject"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.refused)


class ExemptionRevocation(PaperKind):
    """PDF-20"""

    title = _("撤销豁免决定书")
    layout = "letter"
    open = True
    hands = {"approved": "revoke"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.revoked)


class ReconsiderationDecision(PaperKind):
    """PDF-39"""

    title = _("豁免复议决定书")
    layout = "letter"
    open = True
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.reconsidered)


class ExemptionSheet(PaperKind):
    """PDF-19: the four opinions on one sheet."""

    title = _("管理活动经费豁免审批表")
    layout = "form"
    open = True
    renews = True
    hands = {"prepared": "report", "reviewed": "send_up"}
    wanted = staticmethod(facts.with_sums)
    tells = staticmethod(facts.sheet)


class ExemptionIndex(PaperKind):
    """PDF-47"""

    title = _("豁免案卷目录及办结单")
    layout = "form"
    issuer = "authority"
    renews = True
    hands = {"prepared": "accept", "reviewed": "report", "approved": "file"}
    tells = staticmethod(transfer_facts.index)


class AssetProof(PaperKind):
    """Taken, not given: 清算报告、无资产证明."""

    title = _("资产证明")


class DifficultyProof(PaperKind):
    title = _("困难情况说明")


class InsufficiencyRuling(PaperKind):
    """Q4: without it a bankrupt or closed enterprise is not exempted."""

    title = _("资产不足的裁定")


class SiteNote(PaperKind):
    title = _("现场核查记录（两人签名）")


class GovernmentMinutes(PaperKind):
    title = _("政府豁免批准文件")


class HearingRecord(PaperKind):
    title = _("听取陈述申辩记录")
