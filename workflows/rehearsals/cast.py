"""Finds who holds which post, so that every act of a rehearsal is done by the person whose act it is."""

from django.utils.translation import gettext as _

from apps.audit.streams import now
from apps.engine.door import Refused
from apps.organisations.acting import Acting
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, Post


class Cast:
    """The post-holders of the bodies a rehearsal meets; each body is asked for once."""

    def __init__(self):
        self._known: dict[int, dict[str, Acting]] = {}

    def summon(self, organisations) -> None:
        """Read the posts of several bodies in one query."""
        held = Post.objects.held(now()).filter(organisation__in=organisations)
        for pk in organisations:
            self._known.setdefault(pk, {})
        for post in held.select_related("user", "organisation__acts_for__enterprise").order_by("-pk"):
            self._known[post.organisation_id][post.role] = Acting.of(post)

    def holder(self, role: str, organisation: int) -> Acting:
        """Who holds ``role`` at a body. Raises ``Refused`` when nobody does."""
        if organisation not in self._known:
            self.summon([organisation])
        acting = self._known[organisation].get(role)
        if acting is None:
            body = Organisation.objects.get(pk=organisation)
            raise Refused(
                _("%(body)s没有人担任%(role)s，请先安排任职") % {"body": body, "role": Role(role).label}
            )
        return acting
