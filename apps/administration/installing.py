"""Setting up a real installation: which settings are too weak for it, whether the database is empty, who begins."""

from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.models import DemoMark
from apps.audit.streams import now
from apps.cases.models import Case
from apps.organisations import invitations, offices, posts
from apps.organisations.choices import Level, OrgKind, Role
from apps.organisations.models import Organisation, User
from apps.policies import seeds

KEY = "PLATFORM"
FIRST_THREE = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN)
KEY_LENGTH, PASSWORD_LENGTH = 50, 12
COMMON = {"password", "postgres", "tuiguan", "tuiguan_app", "tuiguan_owner", "changeme"}


class Weakness(NamedTuple):
    """A setting that is too weak for real people's data; one that is not grave is only pointed out."""

    setting: str
    why: str
    grave: bool = True


@dataclass(frozen=True)
class Admission:
    """What a person needs to choose a password: the link's path and the code."""

    username: str
    name: str
    role: str
    path: tuple[str, str]
    code: str


def weaknesses() -> list[Weakness]:
    """What of the settings in force must, or should, be mended before real work."""
    app, owner = settings.APP_DATABASE, settings.DATABASE_OWNER_URL
    found = [
        settings.DEBUG and Weakness("TUIGUAN_DEBUG", _("调试页面会显示个人信息，须关闭。")),
        settings.ON_LOCALHOST and Weakness("TUIGUAN_HOSTS", _("只答复本机：须写明站点域名，由此启用HTTPS。")),
        len(settings.SECRET_KEY) < KEY_LENGTH
        and Weakness("SECRET_KEY", _("少于%d个字符，须更换为更长的随机串。") % KEY_LENGTH),
        settings.DATABASE_URL
        and not owner
        and Weakness("DATABASE_OWNER_URL", _("未设置：建表须用所有者角色，站点不得用该角色。")),
        owner == settings.DATABASE_URL != ""
        and Weakness(
            "DATABASE_OWNER_URL", _("与DATABASE_URL相同：站点不得以所有者身份运行，否则履历可被改动。")
        ),
        settings.DATABASE_URL
        and not app["HOST"].startswith("/")
        and _weak_password(app)
        and Weakness("DATABASE_URL", _("数据库口令过短、常见或未设，须更换。")),
        not settings.DATABASE_URL
        and Weakness("DATABASE_URL", _("使用内置数据库：正式使用建议另设PostgreSQL服务器。"), grave=False),
        not settings.BEHIND_PROXY
        and Weakness("TUIGUAN_BEHIND_PROXY", _("未设反向代理：请确认由谁终止TLS。"), grave=False),
        settings.CELERY_BROKER_URL.startswith("filesystem")
        and Weakness("CELERY_BROKER_URL", _("使用文件队列：多台主机时须用RabbitMQ或Redis。"), grave=False),
        not settings.MAIL_SERVER
        and Weakness("EMAIL_URL", _("未设邮件服务器：通知只在站内显示。"), grave=False),
        settings.BASE_DIR in settings.TUIGUAN_DATA.parents
        and Weakness("TUIGUAN_DATA", _("密钥与上传文件在程序目录内：请移到单独备份的目录。"), grave=False),
    ]
    return [weakness for weakness in found if weakness]


def _weak_password(database: dict) -> bool:
    password = database["PASSWORD"]
    return len(password) < PASSWORD_LENGTH or password.lower() in COMMON | {database["USER"].lower()}


def tables() -> str:
    """Say what the database holds: "" for nothing, "ours", or "foreign" for somebody else's tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE tablename = 'audit_event') "
            "FROM pg_tables WHERE schemaname = 'public'"
        )
        every, ours = cursor.fetchone()
    return "ours" if ours else "foreign" if every else ""


def occupied() -> str:
    """Say why an installation cannot begin in this database; nothing when it can."""
    if DemoMark.objects.exists():
        return _("这是演示数据库。")
    for model in (Organisation, User, Case):
        if model.objects.exists():
            return _("数据库中已有%s。") % model._meta.verbose_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'audit_event', 'UPDATE')")
        if cursor.fetchone()[0]:
            return _("站点的数据库角色可以改动履历：请用单独的所有者角色建表。")
    return ""


def begin(body: str, people: dict[Role, tuple[str, str]]) -> list[Admission]:
    """Load what ships, found the body that keeps the system, and give it its three administrators.

    `people` gives a user name and a name for each of the three roles.
    """
    with transaction.atomic():
        seeds.load()
        today = timezone.localdate(now())
        platform = Organisation(
            key=KEY, kind=OrgKind.PLATFORM, level=Level.CITY, name=body, active_from=today
        )
        offices.found([platform], by=None)
        users = invitations.enrol([User(username=u, name=n) for u, n in people.values()], by=None)
        posts.appoint_all(
            [
                posts.Appointment(user, platform, role, today)
                for user, role in zip(users, people, strict=True)
            ],
            by=None,
        )
        return [admit(user, role.label) for user, role in zip(users, people, strict=True)]


def admit(user: User, role: str) -> Admission:
    """Both parts of an invitation at once, for whoever keeps the server and stands beside the person."""
    return Admission(
        user.username,
        user.name,
        str(role),
        invitations.link(user, by=None),
        invitations.code(user, by=None),
    )
