"""How soon each person wants to be sent what, and the one click that ends it."""

from collections.abc import Mapping

from django.core import signing
from django.db import transaction

from .kinds import KINDS, How
from .models import Preference

DIGEST = "digest"
"""The mail of the day, which is made of every kind a person wants daily."""

_signer = signing.Signer(salt="apps.notices.stop")


def chosen(user_id: int) -> dict[str, How]:
    """How this person wants each kind to be sent: as chosen, else as the kind says."""
    said = dict(Preference.objects.filter(user=user_id).values_list("kind", "how"))
    return {code: How(said.get(code, kind.how)) for code, kind in KINDS.items()}


def choose(user_id: int, wanted: Mapping[str, How]) -> None:
    """Keep how soon a person wants these kinds to be sent, in one statement."""
    Preference.objects.bulk_create(
        [Preference(user_id=user_id, kind=kind, how=how) for kind, how in wanted.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["how"],
    )


def wants(user_id: int, sort: str) -> bool:
    """Whether a person still wants messages of a sort: a kind at once, or the digest."""
    how = chosen(user_id)
    return How.DAILY in how.values() if sort == DIGEST else how[sort] == How.NOW


def stop(user_id: int, sort: str) -> None:
    """Send this person no more messages of a sort; the list still shows what they would have said."""
    with transaction.atomic():
        ended = (
            [kind for kind, how in chosen(user_id).items() if how == How.DAILY] if sort == DIGEST else [sort]
        )
        choose(user_id, dict.fromkeys(ended, How.OFF))


def stop_token(user_id: int, sort: str) -> str:
    """What a message carries so that whoever received it can end its sort without signing in."""
    return _signer.sign_object([user_id, sort])


def read_token(token: str) -> tuple[int, str]:
    """Whom and which sort a token ends; raises signing.BadSignature."""
    user_id, sort = _signer.unsign_object(token)
    return user_id, sort
