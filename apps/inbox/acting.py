"""Under which post a signed-in person looks and decides: resolved once per request, chosen in the top bar."""

from django.conf import settings
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from apps.audit.streams import record
from apps.organisations.acting import Acting, acting_posts
from apps.organisations.choices import Role

SESSION_KEY = "acting_post"


class ActingMiddleware:
    """Gives every request ``acting`` (or None) and ``acting_posts``, all posts the person holds today."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        posts = acting_posts(request.user) if request.user.is_authenticated else []
        request.acting_posts = [Acting.of(post) for post in posts]
        request.acting = chosen(request.acting_posts, request.session.get(SESSION_KEY))
        response = self.get_response(request)
        if request.user.is_authenticated:
            # Nothing of a person stays in the browser of a shared desk; "back" asks us again.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def chosen(posts: list[Acting], wanted: int | None) -> Acting | None:
    """The post somebody last chose while it is in force, else the first one, else None."""
    return next((acting for acting in posts if acting.post.pk == wanted), posts[0] if posts else None)


class ActingRequired(AccessMixin):
    """A view for people who are signed in and hold a post today."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if request.acting is None:
            raise PermissionDenied(_("您目前没有在任岗位，请联系所在机构办理任职登记。"))
        return super().dispatch(request, *args, **kwargs)


def back(request) -> str:
    """The page of ours a form came from, else the inbox."""
    place = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()})
    return place if safe else settings.LOGIN_REDIRECT_URL


def note_reading(request, move: str, /, **given) -> None:
    """An auditor's reading is itself recorded."""
    if request.acting.role in (Role.AUDITOR, Role.AUDIT_ADMIN):
        record(request.acting.user, move, by=request.acting, given=given)
