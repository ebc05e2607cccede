"""Who may open which page of the desk, and whose link or code somebody may hand over."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.inbox.acting import ActingRequired
from apps.organisations.choices import ADMINISTRATORS, Role
from apps.organisations.models import Organisation, Post, User
from apps.organisations.proposal import Proposal
from apps.organisations.second_person import KINDS

LINK, CODE = "link", "code"
# Who hands over the link and who the code: of everybody, and of the people of an enterprise that files with them.
OF_ALL = {Role.SYS_ADMIN: LINK, Role.SEC_ADMIN: CODE}
OF_ENTERPRISES = {Role.RMO_CLERK: LINK, Role.RMO_REVIEWER: CODE}


class RoleRequired(ActingRequired):
    """A view for some roles; all administrators where none are named."""

    roles: frozenset[str] = ADMINISTRATORS

    def dispatch(self, request, *args, **kwargs):
        acting = request.acting if request.user.is_authenticated else None
        if acting and acting.role not in self.roles:
            titles = _("、").join(str(Role(role).label) for role in sorted(self.roles))
            raise PermissionDenied(_("本页由%s使用。") % titles)
        return super().dispatch(request, *args, **kwargs)


def proposals_seen(acting):
    """The proposals somebody may read: of the own office in a role that has to do with them; the auditor's are all."""
    if acting.role == Role.AUDIT_ADMIN:
        return Proposal.objects.all()
    names = [kind.name for kind in KINDS.values() if acting.role in (kind.author, kind.approver)]
    return Proposal.objects.filter(Q(kind__in=names, office=acting.organisation) | Q(author=acting.user))


def waiting_for(acting):
    """The proposals that wait for somebody's decision."""
    names = [kind.name for kind in KINDS.values() if acting.role == kind.approver]
    return Proposal.objects.waiting().filter(kind__in=names, office=acting.organisation)


def hands_over(acting, person: User) -> str:
    """Say whether somebody hands a person the link or the code, or neither; never anybody both, nor one's own.

    An enterprise's authority does for people who hold posts nowhere else: it gives nobody what it cannot give.
    """
    if person.pk == acting.user.pk:
        return ""
    if acting.role in OF_ALL:
        return OF_ALL[acting.role]
    if acting.role not in OF_ENTERPRISES:
        return ""
    offices = Post.objects.held().filter(user=person).values_list("organisation__enterprise__authority")
    return OF_ENTERPRISES[acting.role] if set(offices) == {(acting.organisation.pk,)} else ""


def enterprises_of(acting):
    """The enterprises that file with an office."""
    return Organisation.objects.filter(enterprise__authority=acting.organisation).select_related("enterprise")
