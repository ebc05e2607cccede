"""What the page of an exemption tells of its matter, beside what every case page tells."""

from django.utils.translation import gettext as _

from apps.fees.models import FeeAssessment

from .models import ExemptionRequest


def particulars(case) -> list[tuple[str, object]]:
    """The fee, what is claimed, what was found, what the labour department says and what was decided."""
    request = ExemptionRequest.objects.select_related(
        "assessment__case", "assessment__payer", "investigator", "government", "decided_by", "labour"
    ).get(case=case.pk)
    fee: FeeAssessment = request.assessment
    agrees = {True: _("同意豁免"), False: _("不同意豁免"), None: ""}[request.labour_agrees]
    return [
        (_("移交批次"), fee.case.number),
        (_("应缴人数"), fee.heads),
        (_("核定金额"), _yuan(fee.amount_fen)),
        (_("缴款单位"), fee.payer),
        (_("审批政府"), request.government or _("按现行设置不予豁免")),
        (_("退出情况"), request.circumstances),
        (_("申报的剩余资产"), _yuan(request.assets_fen)),
        (_("困难情况"), request.difficulty),
        (_("代为申请的理由"), request.standing_in),
        (_("查明的剩余资产"), _yuan(request.found_fen)),
        (_("困难属实"), _reported(request)),
        (_("核查人"), _investigators(request)),
        (_("核查情况"), request.findings if request.found_fen is not None else ""),
        (_("劳动保障部门意见"), _("：").join(filter(None, (agrees, request.labour_words)))),
        (_("决定文号"), request.decision_number),
        (_("豁免金额"), _yuan(request.granted_fen or None)),
        (_("适用的解释"), _interpretation(request)),
    ]  # fmt: skip


def _yuan(fen: int | None) -> str:
    return "" if fen is None else _("%(value)s 元") % {"value": f"{fen / 100:,.2f}"}


def _reported(request) -> str:
    if request.found_fen is None:
        return ""
    return _("属实") if request.difficulty_shown else _("不属实")


def _investigators(request) -> str:
    if request.found_fen is None:
        return ""
    return _("、").join((str(request.investigator), request.second_investigator))


def _interpretation(request) -> str:
    if not request.interpretation:
        return ""
    return _("破产、关闭企业按资产不足的裁定办理（%s）") % request.interpretation
