"""Giving and ending posts: who holds which role where; every change is an event of the organisation."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.audit.streams import Entry, actor_facts, append, lock, now
from apps.organisations.choices import ADMINISTRATORS, ROLE_KINDS, Role
from apps.organisations.models import Organisation, Post, User, today
from apps.organisations.refusals import NotChanged


class NotAppointed(NotChanged):
    """A post that cannot be given or ended; the message says why, in the reader's language."""


@dataclass(frozen=True)
class Appointment:
    """A post to be given: who, where, as what, for which days (`until` is the first day no longer held)."""

    user: User
    organisation: Organisation
    role: str
    since: date
    until: date | None = None


def appoint(
    user: User, organisation: Organisation, role: str, *, by, since: date, until: date | None = None
) -> Post:
    """Give one person a post; raises NotAppointed when the role is not held at such a body."""
    return appoint_all([Appointment(user, organisation, role, since, until)], by=by)[0]


def appoint_all(appointments: Iterable[Appointment], *, by) -> list[Post]:
    """Give many posts in one transaction, a few statements whatever their number."""
    appointments = [replace(each, role=Role(each.role)) for each in appointments]
    for each in appointments:
        if each.organisation.kind not in ROLE_KINDS[each.role]:
            raise NotAppointed(
                _("“%(role)s”不能设在%(kind)s。")
                % {"role": each.role.label, "kind": each.organisation.get_kind_display()}
            )
    if by is not None and any(each.user.pk == by.user.pk for each in appointments):
        raise NotAppointed(_("任何人不得给自己任职。"))
    with transaction.atomic():
        heads = lock(Organisation, {each.organisation.pk for each in appointments})
        lock(User, {each.user.pk for each in appointments})
        _keep_administrators_apart(appointments)
        posts = Post.objects.bulk_create(
            Post(
                user=each.user,
                organisation=each.organisation,
                role=each.role,
                valid_from=each.since,
                valid_until=each.until,
            )
            for each in appointments
        )
        entries = [replace(_said(post, "appoint", by), effective_on=post.valid_from) for post in posts]
        append(Organisation, heads, entries, at=now())
    return posts


def end(post: Post, *, by, on: date, reason: str = "") -> Post:
    """End a post; `on` is the first day on which it is no longer held."""
    end_all([post], by=by, on=on, reason=reason)
    return post


def end_all(posts: Iterable[Post], *, by, on: date, reason: str = "") -> None:
    """End many posts on one day, also before a day that was set, or none of them; raises NotAppointed."""
    posts = list(posts)
    with transaction.atomic():
        heads = lock(Organisation, {post.organisation_id for post in posts})
        # Of those with an end set already, what is past stays as it was.
        later = Q(valid_until=None) | Q(valid_until__gt=on) & Q(valid_until__gt=today())
        given = Post.objects.filter(later, pk__in=[post.pk for post in posts], valid_from__lt=on)
        ended = given.update(valid_until=on)
        if ended != len(posts):
            raise NotAppointed(_("该任职已经结束，或结束日期不晚于起任日期。"))
        entries = []
        for post in posts:
            post.valid_until = on
            entries.append(replace(_said(post, "end_post", by), effective_on=on, reason=reason))
        append(Organisation, heads, entries, at=now())


def _keep_administrators_apart(appointments: list[Appointment]) -> None:
    """Whoever administers the system holds that one post and no other: three people, and no business beside it."""
    wanted = {each.user.pk: set() for each in appointments}
    last = max((each.until or date.max for each in appointments), default=date.max)
    first = min((each.since for each in appointments), default=date.min)
    held = Post.objects.filter(user__in=wanted, valid_from__lt=last).exclude(valid_until__lte=first)
    for person, role in held.values_list("user", "role"):
        wanted[person].add(role)
    for each in appointments:
        wanted[each.user.pk].add(each.role)
    for roles in wanted.values():
        if len(roles) > 1 and roles & ADMINISTRATORS:
            raise NotAppointed(_("系统、安全、审计管理员由三人分任，且不得兼任其他岗位。"))


def _said(post: Post, move: str, by) -> Entry:
    return Entry(stream_id=post.organisation_id, move=move, given=_facts(post), **actor_facts(by))


def _facts(post: Post) -> dict:
    return {"post": post.pk, "person": post.user_id, "name": post.user.name, "role": str(post.role)}
