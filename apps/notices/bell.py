"""The bell of the top bar: how much the present post was told and has not read."""

from functools import partial

from .models import Notice

CAP = 99


def bell(request):
    """The number beside the bell, counted only where a page shows it."""
    return {"unread": partial(unread, getattr(request, "acting", None))}


def unread(acting) -> str:
    """How many notices wait to be read, in one statement that stops counting at the cap; empty for none."""
    count = Notice.objects.seen_by(acting).filter(read_at=None)[: CAP + 1].count()
    return f"{CAP}+" if count > CAP else str(count or "")
