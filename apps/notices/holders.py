"""Who holds which post today, as SQL that statements join: whoever left a post drops out of every one of them."""

from functools import cache

from apps.audit import prepared
from apps.organisations.models import Post


@cache
def holders(*columns: str) -> str:
    """These columns of the posts in force today."""
    return prepared.written(Post.objects.held().order_by().values_list(*columns), {})
