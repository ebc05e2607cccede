"""`manage.py install`: begin a real installation in an empty database, with its three administrators."""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.administration import installing
from apps.administration.installing import FIRST_THREE, Admission
from apps.organisations.models import User


class Command(BaseCommand):
    help = "Begin a real installation: tables, seeds, and a system, a security and an audit administrator."

    def add_arguments(self, parser):
        parser.add_argument("--body", required=True, help="the body that keeps the system")
        for role in FIRST_THREE:
            option = f"--{role.lower().replace('_', '-')}"
            parser.add_argument(option, required=True, metavar="ACCOUNT:NAME", help=f"the {role}")

    def handle(self, *, body, **options):
        people = {role: _person(options[role.lower()]) for role in FIRST_THREE}
        if len({username for username, _name in people.values()}) < len(FIRST_THREE):
            raise CommandError(_("三名管理员须为三个不同的账号。"))
        self._refuse_weak_settings()
        if installing.tables() == "foreign":
            raise CommandError(_("数据库不为空：其中有其他系统的表。"))
        self._migrate()
        if why := installing.occupied():
            raise CommandError(_("不能在此安装：%s") % why)
        for admission in installing.begin(body, people):
            self.stdout.write(told(admission))
        self.stdout.write(_("请将链接和校验码分别当面交给本人；链接三日内有效，设定密码后失效。"))

    def _refuse_weak_settings(self):
        weak = installing.weaknesses()
        for weakness in weak:
            mark = _("必须改正") if weakness.grave else _("请核对")
            self.stderr.write(f"[{mark}] {weakness.setting}: {weakness.why}")
        if any(weakness.grave for weakness in weak):
            raise CommandError(_("设置不适合正式使用，未作任何改动。"))

    @staticmethod
    def _migrate():
        """Bring the tables up to date in a process of its own, which acts as their owner."""
        command = [
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            "migrate",
            "--no-input",
            "--verbosity=0",
        ]
        if subprocess.run(command, env=os.environ, check=False).returncode:
            raise CommandError(_("建表未成功，见上文。"))


def _person(said: str) -> tuple[str, str]:
    username, colon, name = said.partition(":")
    if not (username and colon and name and User.username_validator.regex.match(username)):
        raise CommandError(_("管理员写作“账号:姓名”，例如zhangsan:张三。"))
    return username, name


def told(admission: Admission) -> str:
    """An admission as it is printed, once."""
    address = reverse("set_password", args=admission.path)
    host = next(iter(settings.ALLOWED_HOSTS))
    scheme = "http" if settings.ON_LOCALHOST else "https"
    return (
        f"{admission.role} {admission.username} {admission.name}\n"
        f"  {scheme}://{host}{address}\n  {_('校验码')} {admission.code}"
    )
