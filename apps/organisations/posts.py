"""Giving and ending posts: who holds which role where; every change is an event of the organisation."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.streams import Entry, actor_facts, append, lock, now, record
from apps.organisations.choices import ROLE_KINDS, Role
from apps.organisations.models import Organisation, Post, User


class NotAppointed(Exception):
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
    with transaction.atomic():
        heads = lock(Organisation, {each.organisation.pk for each in appointments})
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
        append(Organisation, heads, [_appointed(post, by) for post in posts], at=now())
    return posts


def end(post: Post, *, by, on: date, reason: str = "") -> Post:
    """End a post; `on` is the first day on which it is no longer held."""
    with transaction.atomic():
        lock(Organisation, [post.organisation_id])
        ended = Post.objects.filter(pk=post.pk, valid_until=None, valid_from__lt=on).update(valid_until=on)
        if not ended:
            raise NotAppointed(_("该任职已经结束，或结束日期不晚于起任日期。"))
        post.valid_until = on
        record(post.organisation, "end_post", by=by, given=_facts(post), effective_on=on, reason=reason)
    return post


def _appointed(post: Post, by) -> Entry:
    return Entry(
        stream_id=post.organisation_id,
        move="appoint",
        given=_facts(post),
        effective_on=post.valid_from,
        **actor_facts(by),
    )


def _facts(post: Post) -> dict:
    return {"post": post.pk, "person": post.user_id, "name": post.user.name, "role": str(post.role)}
