"""Importing posts: the page that takes the spreadsheet, and its form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from apps.exchange.listing import MEDIA
from apps.exchange.roster import LARGEST, Unreadable
from apps.organisations import second_person
from apps.organisations.choices import Role
from apps.organisations.refusals import NotChanged

from . import importing
from .access import RoleRequired

SHOWN = 500


class Import(RoleRequired, View):
    """Judges a spreadsheet of posts, and proposes it where it has no fault."""

    roles = frozenset({Role.SYS_ADMIN})

    def get(self, request):
        return self._page(request)

    def post(self, request):
        sent = request.FILES.get("sheet")
        if sent is None:
            return self._page(request, refused=_("请先选择要导入的表格。"), status=400)
        try:
            read = importing.read(sent.read(LARGEST + 1))
        except Unreadable as unreadable:
            return self._page(request, refused=str(unreadable.message), status=409)
        if read.faults:
            return self._page(request, read=read, faults=read.faults[:SHOWN], status=409)
        try:
            proposal = second_person.propose("appoint", read.lines, by=request.acting)
        except NotChanged as refused:
            return self._page(request, refused=str(refused), status=409)
        messages.success(request, _("已提出 %d 项任职，待安全管理员一次批准。") % len(read.lines))
        return redirect("administration:proposal", proposal.pk)

    @staticmethod
    def _page(request, *, status: int = 200, **shown) -> HttpResponse:
        shown["file_help"] = importing.FILE_HELP
        return render(request, "administration/import.html", shown, status=status)


class Template(RoleRequired, View):
    """The empty form."""

    roles = frozenset({Role.SYS_ADMIN})

    def get(self, request):
        answer = HttpResponse(importing.template(), content_type=MEDIA["xlsx"])
        answer.headers["Content-Disposition"] = 'attachment; filename="posts-template.xlsx"'
        return answer
