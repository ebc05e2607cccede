"""How a batch comes into being: who applies, for which enterprise, and before which body."""

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.streams import now
from apps.cases import numbers
from apps.engine.door import Refused


def open_batch(process, by, given):
    """Return the unsaved batch of whoever acts for an enterprise. Raises ``Refused``.

    The enterprise itself applies, or the liquidator or owner unit that acts for it; its affiliation says
    before whom: 市直, 省属 and 中央 at the city, 县属 at their county.
    """
    organisation = by.on_behalf or by.organisation
    enterprise = getattr(organisation, "enterprise", None)
    if enterprise is None:
        raise Refused(_("只有移交企业，或代表它的清算组、主管部门，可以填报移交批次"))
    today = timezone.localtime(now()).date()
    return process(
        number=numbers.allocate("YJ", today.year),
        process=process._meta.model_name,
        flow_class=process.flow,
        applicant=by.organisation,
        enterprise=organisation,
        authority=enterprise.authority,
        opened_on=today,
    )
