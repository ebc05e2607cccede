"""Opening a case from a form: however often the form is sent, one case comes of it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.engine.door import begin

from .models import Opened


def open_once(process, name: str, *, by, key: UUID, given=None):
    """Open a case by its opening move, or return the one this form has opened. Raises ``Refused``.

    ``key`` was made for the form when it was shown, for one person.
    """
    try:
        with transaction.atomic():
            case = begin(process, name, by=by, given=given)
            Opened.objects.create(key=key, case_id=case.pk, person=by.user)
    except IntegrityError:
        case = opened(process, by=by, key=key)
        if case is None:
            raise PermissionDenied(_("本页不是为您打开的，请刷新后再办理。")) from None
    return case


def opened(process, *, by, key: UUID):
    """The case that this form has opened for this person already; none the first time it is sent."""
    before = Opened.objects.filter(key=key, person=by.user).first()
    return before and process.rows().filter(pk=before.case_id).first()
