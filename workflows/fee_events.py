"""What an exemption does to the assessment it is about: each event is heard by the collection of the fee."""

from django.utils.translation import gettext_lazy as _

from apps.engine.words import Shared

EXEMPTION_ASKED = Shared("exemption_asked", _("豁免申请已受理"), concerns="assessment")
EXEMPTION_GRANTED = Shared("exemption_granted", _("准予豁免"), concerns="assessment")
EXEMPTION_PART_GRANTED = Shared("exemption_part_granted", _("部分豁免"), concerns="assessment")
EXEMPTION_OVER = Shared("exemption_over", _("豁免申请未获准或已终结"), concerns="assessment")
EXEMPTION_REVOKED = Shared("exemption_revoked", _("豁免已撤销"), concerns="assessment")
