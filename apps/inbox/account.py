"""Signing in and out, changing the post one acts under, and the size of type."""

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.audit.streams import record

from .acting import SESSION_KEY, back


def note(user, move: str) -> None:
    """Record what somebody did for himself, before or without acting under a post."""
    record(user, move, person_id=user.pk, actor={"person": user.name})


class SignIn(auth.LoginView):
    """Sign-ins stand in the actor's own stream."""

    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        note(form.get_user(), "signed_in")
        return response


class SignOut(auth.LogoutView):
    """Leaves a line in the actor's stream, then ends the session."""

    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            note(get_user(request), "signed_out")
        return super().post(request, *args, **kwargs)


@require_POST
@login_required
def act_as(request):
    """Go on under another of one's own posts."""
    wanted = request.POST.get("post", "")
    if not any(str(acting.post.pk) == wanted for acting in request.acting_posts):
        raise Http404
    request.session[SESSION_KEY] = int(wanted)
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
@login_required
def large_type(request):
    """Turn large type on or off, and stay on the page."""
    request.user.large_type = not request.user.large_type
    request.user.save(update_fields=["large_type"])
    return redirect(back(request))
