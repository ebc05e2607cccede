"""Hands files to jobs and from jobs, sealed, for whoever holds the post they are for."""

from datetime import timedelta

from apps.audit.streams import now
from apps.retirees import vault

from .models import Parcel

KEPT = timedelta(days=7)


def keep(content: bytes, *, by, name: str, media: str = "", job: int | None = None, part: int = 0) -> Parcel:
    """Seal a file for the actor's post."""
    sealed = vault.seal_bytes(content, owner=by.post.pk, field="parcel")
    return Parcel.objects.create(post=by.post, job=job, part=part, name=name, media=media, sealed=sealed)


def content(parcel: Parcel) -> bytes:
    return vault.unseal_bytes(parcel.sealed, owner=parcel.post_id, field="parcel")


def tidy() -> int:
    """Throw away what nobody has fetched for a week; return how many."""
    return Parcel.objects.filter(kept_at__lt=now() - KEPT).delete()[0]
