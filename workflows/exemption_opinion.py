"""What finance and the owner's department say of an exemption, side by side; both are sent up, agreeing or not.

Basis: 揭府办〔2005〕77号, section 六(一).
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.documents.exemption_papers import OpinionSheet
from apps.engine.words import SYSTEM, Demand, Stage, days
from apps.exemptions.forms import FinanceOpinionForm, OpinionForm
from apps.exemptions.models import Asked, Opinion

from .parties import OPINION_FINANCE, OPINION_OWNER

ASKING = ["feeexemption.conclude", "feeexemption.end_publicity"]
WHILE_ASKED = ["labour_opinion", "finance_opinion", "owner_opinion"]

of_finance = Demand(_("由财政部门会签"), Q(asked_as=Asked.FINANCE))
of_owner = Demand(_("由国资（主管）部门会签"), Q(asked_as=Asked.OWNER))


def keep_opinion(deed) -> None:
    given = deed.given
    deed.rows.update(agrees=given["agrees"] == "yes", words=given["words"], effect=given.get("effect", ""))


class ExemptionOpinion(Opinion):
    """豁免会签意见"""

    side_by_side = True

    asked = Stage(_("待送会签"), start=True)
    with_finance = Stage(_("待财政部门会签"), OPINION_FINANCE, within=days("exemption.opinion"))
    with_owner = Stage(_("待国资（主管）部门会签"), OPINION_OWNER, within=days("exemption.opinion"))
    given = Stage(_("已会签"), end=True)

    ask_finance = asked.to(with_finance, _("送财政部门会签"), by=SYSTEM, needs=[of_finance], after=ASKING)
    ask_owner = asked.to(with_owner, _("送国资（主管）部门会签"), by=SYSTEM, needs=[of_owner], after=ASKING)
    finance_opines = with_finance.to(
        given, _("提出财政部门意见"), by=OPINION_FINANCE, asks=FinanceOpinionForm, does=keep_opinion,
        gives=[OpinionSheet], during=WHILE_ASKED, basis="六(一)",
    )  # fmt: skip
    owner_opines = with_owner.to(
        given, _("提出国资（主管）部门意见"), by=OPINION_OWNER, asks=OpinionForm, does=keep_opinion,
        gives=[OpinionSheet], during=WHILE_ASKED, basis="六(一)",
    )  # fmt: skip

    class Meta:
        proxy = True
        verbose_name = _("会签意见")
        verbose_name_plural = _("会签意见")
