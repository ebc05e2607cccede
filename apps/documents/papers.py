"""The official papers by kind: title, number in the catalogue, and how an act issues them."""

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import prepared

# The register's row is locked until the act commits, so the numbers have no holes.
ISSUE = """
WITH taken AS (
    INSERT INTO documents_numberregister AS register (organisation_id, year, last)
    VALUES (%(issuer)s, %(year)s, cardinality(%(cases)s::bigint[]))
    ON CONFLICT (organisation_id, year) DO UPDATE SET last = register.last + excluded.last RETURNING last)
INSERT INTO documents_paper (case_id, kind, issuer_id, year, number, act, issued_at)
SELECT cases.id, %(kind)s, %(issuer)s, %(year)s, taken.last - cardinality(%(cases)s::bigint[]) + cases.place,
       %(act)s::uuid, %(at)s::timestamptz
FROM taken, unnest(%(cases)s::bigint[]) WITH ORDINALITY AS cases (id, place)
"""

KINDS: dict[str, type["PaperKind"]] = {}


class PaperKind:
    """A kind of paper; ``given`` by a move it is numbered by the acting organisation, one per case."""

    code = ""
    title = ""

    def __init_subclass__(cls):
        cls.code = cls.__name__
        KINDS[cls.code] = cls

    @classmethod
    def issue(cls, deed) -> None:
        """Number and register this paper for each case the deed has moved: one statement for any set."""
        values = {
            "issuer": (deed.by or deed.act.by).organisation.pk,
            "year": timezone.localtime(deed.at).year,
            "cases": list(deed.cases),
            "kind": cls.code,
            "act": str(deed.act.id),
            "at": deed.at,
        }
        with connection.cursor() as cursor:
            prepared.execute(cursor, ISSUE, values, once=len(deed.cases) == 1)


class TransferApplication(PaperKind):
    """PDF-01"""

    title = _("移交申请书")


class ConfirmedRoster(PaperKind):
    """PDF-02"""

    title = _("移交人员确认名册")


class AcceptanceNotice(PaperKind):
    """PDF-03"""

    title = _("受理通知书")


class CorrectionNotice(PaperKind):
    """PDF-03"""

    title = _("补正通知书")


class RefusalNotice(PaperKind):
    """PDF-03"""

    title = _("不予受理通知书")


class DifferenceList(PaperKind):
    """PDF-04"""

    title = _("社保比对差异表")


class StreetOpinion(PaperKind):
    """PDF-05"""

    title = _("街道核实意见表")


class PlacementRuling(PaperKind):
    """PDF-06"""

    title = _("归属裁定书")


class TransferAgreement(PaperKind):
    """PDF-07"""

    title = _("移交协议")


class ObligationList(PaperKind):
    """PDF-08"""

    title = _("企业续责清单")


class HandoverNotice(PaperKind):
    """PDF-09"""

    title = _("交接通知")


class HandoverRecord(PaperKind):
    """PDF-09"""

    title = _("交接书")


class FileList(PaperKind):
    """PDF-10"""

    title = _("档案移交清单")


class GapStatement(PaperKind):
    """PDF-11"""

    title = _("档案缺件说明")


class PaymentNotice(PaperKind):
    """PDF-15"""

    title = _("缴款通知书")


class ExemptionDecision(PaperKind):
    """PDF-20"""

    title = _("豁免批复")


class WithdrawalConfirmation(PaperKind):
    title = _("撤回确认书")


class TerminationNotice(PaperKind):
    title = _("终止通知书")


class StatusProof(PaperKind):
    """Taken, not given: 破产裁定、关闭批文、退出证明，存续企业的营业执照."""

    title = _("单位状态证明")


class DeathProof(PaperKind):
    title = _("死亡证明")


class PaymentVoucher(PaperKind):
    title = _("缴款凭证")


class ExemptionApproval(PaperKind):
    title = _("政府豁免批准文件")
