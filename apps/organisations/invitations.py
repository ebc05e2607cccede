"""How a person comes to a password: by a link and a code, which two administrators hand over, neither knowing both.

Nobody who gives out accounts can so become the person: the link is shown to one role, the code to another.
"""

import base64
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from apps.audit.models import Event
from apps.audit.streams import Entry, Head, actor_facts, append, lock, now, record
from apps.organisations.models import SignedIn, User
from apps.organisations.refusals import NotChanged

CODE_LENGTH = 10


def enrol(people: Iterable[User], *, by) -> list[User]:
    """Make accounts for people, without passwords and invited to choose one; a few statements for any number."""
    at = now()
    people = list(people)
    for person in people:
        person.password, person.invited_at = make_password(None), at
    with transaction.atomic():
        people = User.objects.bulk_create(people)
        facts = actor_facts(by)
        entries = [
            Entry(stream_id=person.pk, move="enrol", given={"name": person.name}, **facts)
            for person in people
        ]
        append(User, {person.pk: Head() for person in people}, entries, at=at)
    return people


def invite(person: User, *, by) -> User:
    """Take a person's password and sessions away, and let him choose anew."""
    with transaction.atomic():
        lock(User, [person.pk])
        person.password, person.invited_at = make_password(None), now()
        person.save(update_fields=["password", "invited_at"])
        SignedIn.objects.filter(user=person).delete()
        record(person, "invite", by=by)
    return person


def dismiss(person: User, *, by, reason: str) -> None:
    """Close the account of somebody who has left, and end his sessions."""
    with transaction.atomic():
        lock(User, [person.pk])
        person.is_active, person.invited_at = False, None
        person.save(update_fields=["is_active", "invited_at"])
        SignedIn.objects.filter(user=person).delete()
        record(person, "dismiss", by=by, reason=reason)


def link(person: User, *, by) -> tuple[str, str]:
    """Return the number and the token of a person's link, and record who was shown it. Raises NotChanged."""
    _show(person, "show_link", by=by, other="show_code")
    return urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)


def code(person: User, *, by) -> str:
    """Return a person's code, and record who was shown it. Raises NotChanged."""
    _show(person, "show_code", by=by, other="show_link")
    return _code(person)


def invited(number: str, token: str) -> User | None:
    """Return whose link this is, while it holds: once, and for as many days as the settings say."""
    try:
        person = User.objects.filter(pk=int(urlsafe_base64_decode(number)), is_active=True).first()
    except ValueError:
        return None
    if person is None or person.invited_at is None or not default_token_generator.check_token(person, token):
        return None
    return person


def accept(person: User, *, code: str, password: str) -> None:
    """Give an invited person the password he chose. Raises NotChanged when the code is not his; that is recorded."""
    if not constant_time_compare(_plain(code), _plain(_code(person))):
        record(person, "wrong_code")
        raise NotChanged(_("校验码不正确，请向安全管理员核对。"))
    with transaction.atomic():
        lock(User, [person.pk])
        # Meanwhile it may have been used, taken back, or followed by another.
        if not User.objects.filter(pk=person.pk, password=person.password, is_active=True).exists():
            raise NotChanged(_("链接已失效"))
        person.set_password(password)
        person.invited_at = None
        person.save(update_fields=["password", "invited_at"])
        record(person, "password_set", person_id=person.pk, actor={"person": person.name})


def _show(person: User, half: str, *, by, other: str) -> None:
    """Record who sees one half; none where there is no invitation, never both to one person in whatever posts."""
    if person.invited_at is None or not person.is_active:
        raise NotChanged(_("该人员已有密码；需要重设的，请先提出重设密码的申请。"))
    with transaction.atomic():
        lock(User, [person.pk])  # who asks under two hats at one moment asks one after the other
        seen = Event.objects.filter(stream=User.STREAM, stream_id=person.pk, move=other)
        if by is not None and seen.filter(person_id=by.user.pk, recorded_at__gte=person.invited_at).exists():
            raise NotChanged(_("链接和校验码须由两人分别告知，您已查看过另一半。"))
        record(person, half, by=by)


def _code(person: User) -> str:
    # Bound to the unusable password, which is random: it ends with the invitation.
    secret = salted_hmac("invitation code", f"{person.pk}:{person.password}", algorithm="sha256").digest()
    text = base64.b32encode(secret).decode()[:CODE_LENGTH]
    return f"{text[:5]}-{text[5:]}"


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
