"""`manage.py admit ACCOUNT`: let somebody choose a new password, where no two administrators can arrange it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.administration import installing
from apps.organisations import invitations
from apps.organisations.acting import acting_posts
from apps.organisations.models import User

from .install import told


class Command(BaseCommand):
    help = "Take an account's password away and print the link and the code by which to choose another."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="ACCOUNT")

    def handle(self, *, username, **options):
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(_("没有这一账号，或已停用。"))
        invitations.invite(person, by=None)
        held = [post.get_role_display() for post in acting_posts(person)]
        self.stdout.write(told(installing.admit(person, _("、").join(held))))
