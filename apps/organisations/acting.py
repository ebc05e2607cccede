"""In whose name somebody acts: a person in a post, which a person with several posts chooses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.organisations.models import Organisation, Post, User


@dataclass(frozen=True)
class Acting:
    """A person acting in a post of an organisation, perhaps on another's behalf; the system is `by=None`."""

    user: User
    post: Post
    organisation: Organisation
    role: str
    on_behalf: Organisation | None = None

    @classmethod
    def of(cls, post: Post) -> Acting:
        """The holder of a post acting in it; a liquidator or owner unit acts on its enterprise's behalf."""
        return cls(post.user, post, post.organisation, post.role, post.organisation.acts_for)

    def __str__(self):
        return str(self.post)


def acting_posts(user: User, on: date | None = None) -> list[Post]:
    """The posts a person holds on a day, longest held first; today by the database's clock if none is given.

    Each is ready for `Acting.of`, without a further query.
    """
    return list(
        Post.objects.held(on)
        .filter(user=user)
        .select_related("user", "organisation__acts_for")
        .order_by("valid_from", "id")
    )
