"""Signing in and out, choosing a password, changing the post one acts under, and the size of type."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from apps.audit.streams import record
from apps.organisations import invitations
from apps.organisations.acting import acting_posts
from apps.organisations.choices import ADMINISTRATORS
from apps.organisations.refusals import NotChanged

from .acting import SESSION_KEY, back


def note(user, move: str) -> None:
    """Record what somebody did for himself, before or without acting under a post."""
    record(user, move, person_id=user.pk, actor={"person": user.name})


class SignIn(auth.LoginView):
    """Sign-ins stand in the actor's own stream."""

    redirect_authenticated_user = True

    def get_default_redirect_url(self):
        """Administrators begin at their desk: no case waits for them."""
        posts = acting_posts(self.request.user)
        at_desk = posts and posts[0].role in ADMINISTRATORS
        return reverse("administration:home") if at_desk else super().get_default_redirect_url()

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


class ChoosePasswordForm(SetPasswordForm):
    """A password of one's own choice, and the code that proves whose it is."""

    code = forms.CharField(
        label=gettext_lazy("校验码"),
        max_length=20,
        help_text=gettext_lazy("由安全管理员或审核人员当面告知。"),
    )
    field_order = ("code", "new_password1", "new_password2")


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class SetPassword(FormView):
    """An invited person, who has the link from one administrator and the code from another, chooses a password."""

    template_name = "registration/set_password.html"
    form_class = ChoosePasswordForm

    def dispatch(self, request, *args, number, token, **kwargs):
        self.person = invitations.invited(number, token)
        if self.person is None:
            return render(request, "registration/no_invitation.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.person}

    def form_valid(self, form):
        said = form.cleaned_data
        try:
            invitations.accept(self.person, code=said["code"], password=said["new_password1"])
        except NotChanged as refused:
            form.add_error("code", str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("密码已设定，请登录。"))
        return redirect("login")


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
