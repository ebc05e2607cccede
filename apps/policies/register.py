"""Entering a policy document into the register: written by a reviewer of the city's RMO, approved by its head."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.organisations.refusals import NotChanged
from apps.organisations.second_person import Changes, kind
from apps.policies.models import Document, DocumentStatus
from apps.policies.rules import APPROVER, AUTHOR, may


def _says(changes: Changes) -> list[str]:
    sentence = _("登记%(number)s《%(title)s》（%(issuer)s，%(status)s）")
    return [sentence % {**line, "status": DocumentStatus(line["status"]).label} for line in changes]


@kind("document", title=gettext_lazy("政策文件登记"), says=_says, author=AUTHOR, approver=APPROVER)
def enter(changes: Changes, by) -> None:
    """Add documents with what they rest on, or say otherwise of those that are known by number."""
    if not (may(by, AUTHOR) or may(by, APPROVER)):
        raise NotChanged(_("政策文件由市退管机构审核人员录入、负责人核准。"))
    for line in changes:
        issued_on = line["issued_on"]
        document, _new = Document.objects.update_or_create(
            number=line["number"],
            defaults={
                "title": line["title"],
                "issuer": line["issuer"],
                "issued_on": date.fromisoformat(issued_on) if issued_on else None,
                "status": line["status"],
            },
        )
        if line["number"] in line["basis"]:
            raise NotChanged(_("文件不能以自身为依据。"))
        document.basis.set(Document.objects.filter(number__in=line["basis"]))
