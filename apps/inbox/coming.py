"""The page that says today what the clocks will do tomorrow."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from apps.audit.streams import now
from apps.calendar.workdays import day_of, end_of
from apps.clocks.coming import coming

from .acting import ActingRequired

AHEAD = {"0": _("今日"), "1": _("明日"), "7": _("七日内")}


class Coming(ActingRequired, TemplateView):
    """Lists what will go off at this office and those it guides."""

    template_name = "inbox/coming.html"

    def get_context_data(self, **kwargs):
        ahead = self.request.GET.get("ahead")
        ahead = ahead if ahead in AHEAD else "1"
        until = end_of(day_of(now()) + timedelta(days=int(ahead)))
        return super().get_context_data(
            lines=coming(self.request.acting, until),
            until=until,
            tabs=[
                {"title": title, "url": f"?ahead={days}", "here": days == ahead}
                for days, title in AHEAD.items()
            ],
            **kwargs,
        )
