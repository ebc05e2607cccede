"""Changes of people: posts given and ended, passwords set anew, leavers."""

from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.streams import now
from apps.cases import claims
from apps.organisations import invitations, posts
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, Post, User
from apps.organisations.refusals import NotChanged
from apps.organisations.second_person import Changes, kind


def about(changes: Changes) -> set[int]:
    """The people whose rights the changes touch, as far as they have accounts."""
    return {line["person"] for line in changes if line["person"]}


def _says_appoint(changes: Changes) -> list[str]:
    bodies = Organisation.objects.in_bulk({line["organisation"] for line in changes})
    sentence = _("%(name)s（账号%(username)s）自%(since)s起任%(body)s%(role)s")
    return [
        sentence
        % {
            "name": line["name"],
            "username": line["username"],
            "since": line["since"],
            "body": bodies[line["organisation"]].name,
            "role": Role(line["role"]).label,
        }
        for line in changes
    ]


@kind("appoint", title=gettext_lazy("任职"), says=_says_appoint, concerns=about)
def appoint(changes: Changes, by) -> None:
    """Give posts; whoever has no account gets one, and an invitation to choose a password."""
    new = {
        line["username"]: User(
            username=line["username"], name=line["name"], identity_digest=line.get("identity", "")
        )
        for line in changes
        if not line["person"]
    }
    taken = User.objects.filter(username__in=new).values_list("username", flat=True)
    if taken:
        raise NotChanged(_("账号已被使用：%s。") % _("、").join(taken))
    known = {person.identity_digest for person in new.values()} - {""}
    if User.objects.filter(identity_digest__in=known, is_active=True).exists():
        raise NotChanged(_("该公民身份号码已有账号：请在原账号上任职。"))
    people = {person.pk: person for person in User.objects.filter(pk__in=about(changes), is_active=True)}
    if len(people) != len(about(changes)):
        raise NotChanged(_("人员已离岗，不能任职。"))
    invitations.enrol(new.values(), by=by)
    bodies = Organisation.objects.in_bulk({line["organisation"] for line in changes})
    posts.appoint_all(
        [
            posts.Appointment(
                people[line["person"]] if line["person"] else new[line["username"]],
                bodies[line["organisation"]],
                line["role"],
                date.fromisoformat(line["since"]),
                date.fromisoformat(line["until"]) if line.get("until") else None,
            )
            for line in changes
        ],
        by=by,
    )


def _says_end(changes: Changes) -> list[str]:
    held = Post.objects.select_related("user", "organisation").in_bulk({line["post"] for line in changes})
    sentence = _("%(name)s自%(on)s起不再任%(body)s%(role)s")
    return [
        sentence
        % {
            "name": held[line["post"]].user.name,
            "on": line["on"],
            "body": held[line["post"]].organisation.name,
            "role": held[line["post"]].get_role_display(),
        }
        for line in changes
    ]


@kind("end", title=gettext_lazy("免职"), says=_says_end, concerns=about)
def end(changes: Changes, by) -> None:
    """End posts."""
    for line in changes:
        post = Post.objects.select_related("user", "organisation").get(pk=line["post"])
        posts.end(post, by=by, on=date.fromisoformat(line["on"]), reason=line["reason"])


def _says_leave(changes: Changes) -> list[str]:
    return _say_people(changes, _("%(name)s离岗：全部任职结束，签收未办的事项退回，账号停用（%(reason)s）"))


@kind("leave", title=gettext_lazy("离岗"), says=_says_leave, concerns=about)
def leave(changes: Changes, by) -> None:
    """Release what the people have claimed, end their posts, close their accounts."""
    today = timezone.localdate(now())
    for line in changes:
        person = User.objects.get(pk=line["person"])
        claims.release_all(person, by=by)
        held = Post.objects.filter(user=person).exclude(valid_until__lte=today).select_related("user")
        latest = held.aggregate(latest=Max("valid_from"))["latest"] or today
        on = max(today, latest + timedelta(days=1))
        posts.end_all(held.exclude(valid_until__lte=on), by=by, on=on, reason=line["reason"])
        invitations.dismiss(person, by=by, reason=line["reason"])


def _says_invite(changes: Changes) -> list[str]:
    return _say_people(changes, _("%(name)s重设密码：原密码和登录即时失效，凭链接和校验码另设（%(reason)s）"))


@kind("invite", title=gettext_lazy("重设密码"), says=_says_invite, concerns=about)
def invite(changes: Changes, by) -> None:
    """Take passwords away, so that the people choose new ones."""
    for person in User.objects.filter(pk__in=about(changes), is_active=True):
        invitations.invite(person, by=by)


def _say_people(changes: Changes, sentence: str) -> list[str]:
    names = User.objects.in_bulk(about(changes))
    return [sentence % {"name": names[line["person"]].name, "reason": line["reason"]} for line in changes]
