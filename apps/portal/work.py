"""Reading a roster too large for a page to wait for."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.engine import registry
from apps.engine.door import Refused
from apps.exchange import parcels, uploads
from apps.exchange.models import Parcel
from apps.exchange.roster import LARGEST
from apps.jobs.models import Job
from apps.jobs.queue import enqueue
from apps.jobs.work import Done, work
from apps.transfers.models import RosterVersion

AT_ONCE = 1024 * 1024  # bytes, of some 8,000 people
KIND = "portal.upload"


def takes_long(content: bytes) -> bool:
    return AT_ONCE < len(content) <= LARGEST


def put_off(case, content: bytes, name: str, *, by) -> Job:
    """Leave the reading of a roster to a job."""
    parcel = parcels.keep(content, by=by, name=name)
    given = {"parcel": parcel.pk, "process": case.process, "language": translation.get_language()}
    return enqueue(KIND, given=given, by=by, case=case.pk)


@work(KIND, title=gettext_lazy("读取花名册"))
def upload(job) -> Done:
    """Read the roster through the same move as the page; what was refused is said in the same words."""
    parcel = Parcel.objects.get(pk=job.given["parcel"])
    case = registry.machine(job.given["process"]).rows().get(pk=job.case)
    with translation.override(job.given["language"]):
        try:
            said = what_was_read(uploads.upload(case, parcels.content(parcel), parcel.name, by=job.by))
        except Refused as refused:
            said = str(refused)
        parcel.delete()
        return Done({"text": said, "link": reverse("portal:roster", args=[case.number])})


def what_was_read(version: RosterVersion) -> str:
    """How many people a version names, and how many of them have faults, in words."""
    said = {"rows": version.rows_count, "faulty": version.faulty_count}
    if version.faulty_count:
        return _("已读取 %(rows)d 人，其中 %(faulty)d 人有必须改正的问题") % said
    return _("已读取 %(rows)d 人，没有必须改正的问题") % said
