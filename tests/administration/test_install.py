"""A real installation begins in an empty database, under settings that are strong enough, with three administrators."""

import io
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from apps.administration import installing
from apps.administration.management.commands.install import Command
from apps.audit.models import DemoMark
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, User
from apps.policies.models import Rule
from tests.conftest import as_owner

THREE = {
    "body": "示例信息中心",
    "sys_admin": "zhang:张示例",
    "sec_admin": "li:李示例",
    "audit_admin": "wang:王示例",
}
WEAK = {
    "TUIGUAN_DEBUG": {"DEBUG": True},
    "TUIGUAN_HOSTS": {"ON_LOCALHOST": True},
    "SECRET_KEY": {"SECRET_KEY": "k" * 45},
    "DATABASE_OWNER_URL": {"DATABASE_OWNER_URL": ""},
    "DATABASE_URL": {"APP_DATABASE": {"HOST": "db", "USER": "tuiguan_app", "PASSWORD": "tuiguan_app"}},
}


@pytest.fixture
def strong(settings):
    """Settings a real installation might have; the tables are there already."""
    settings.DEBUG = settings.ON_LOCALHOST = False
    settings.ALLOWED_HOSTS = ["tuiguan.example.cn", "testserver"]
    settings.SECRET_KEY = "x1" * 40
    settings.DATABASE_URL = "postgres://tuiguan_app:a-long-password-1@db/tuiguan"
    settings.DATABASE_OWNER_URL = "postgres://tuiguan_owner:a-long-password-2@db/tuiguan"
    settings.APP_DATABASE = {"HOST": "db", "USER": "tuiguan_app", "PASSWORD": "a-long-password-1"}
    return settings


def install(monkeypatch):
    monkeypatch.setattr(Command, "_migrate", lambda self: None)
    said, complained = io.StringIO(), io.StringIO()
    try:
        call_command("install", **THREE, stdout=said, stderr=complained)
    finally:
        said.complaints = complained.getvalue()
    return said


def test_an_empty_database_gets_three_administrators_and_what_ships(db, strong, monkeypatch):
    said = install(monkeypatch).getvalue()
    assert list(Organisation.objects.values_list("key", "name")) == [("PLATFORM", "示例信息中心")]
    held = {user.username: user.posts.get().role for user in User.objects.all()}
    assert held == {"zhang": Role.SYS_ADMIN, "li": Role.SEC_ADMIN, "wang": Role.AUDIT_ADMIN}
    assert Rule.objects.exists()
    links = [line.strip() for line in said.splitlines() if "/password/" in line]
    codes = [line.split()[-1] for line in said.splitlines() if "校验码 " in line]
    assert all(link.startswith("https://tuiguan.example.cn/password/") for link in links)
    chosen = {
        "code": codes[0],
        "new_password1": "只有张示例知道的密码1",
        "new_password2": "只有张示例知道的密码1",
    }
    answer = Client().post(urlsplit(links[0]).path, chosen, secure=True)
    assert (len(links), answer.status_code) == (3, 302)
    assert User.objects.get(username="zhang").check_password("只有张示例知道的密码1")
    assert not User.objects.get(username="li").has_usable_password()


@pytest.mark.parametrize("setting", WEAK)
def test_a_weak_setting_is_named_and_refused(db, strong, monkeypatch, setting):
    for name, value in WEAK[setting].items():
        setattr(strong, name, value)
    assert [weak.setting for weak in installing.weaknesses() if weak.grave] == [setting]
    with pytest.raises(CommandError, match="未作任何改动"):
        install(monkeypatch)
    assert not User.objects.exists()


def test_the_site_does_not_run_as_the_owner(strong):
    strong.DATABASE_OWNER_URL = strong.DATABASE_URL
    assert [weak.setting for weak in installing.weaknesses() if weak.grave] == ["DATABASE_OWNER_URL"]


def test_a_database_with_people_in_it_is_refused(town, strong, monkeypatch):
    before = User.objects.count()
    with pytest.raises(CommandError, match="已有机构"):
        install(monkeypatch)
    assert User.objects.count() == before


def _mark_as_demo():
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    DemoMark.objects.create(id=1, shift=timedelta(0))


def test_a_demo_is_refused(db, strong, monkeypatch):
    as_owner(_mark_as_demo)
    with pytest.raises(CommandError, match="演示数据库"):
        install(monkeypatch)


def test_a_role_that_may_change_the_trail_is_refused(db, strong, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        assert "改动履历" in installing.occupied()


@pytest.mark.parametrize("wrong", ["zhang", "zhang:", ":张", "张 三:张三", "li:又一人"])
def test_three_accounts_are_named_and_differ(db, strong, monkeypatch, wrong):
    monkeypatch.setitem(THREE, "sys_admin", wrong)
    with pytest.raises(CommandError):
        install(monkeypatch)
    assert not User.objects.exists()


def test_an_administrator_who_is_locked_out_is_admitted_at_the_server(town):
    said = io.StringIO()
    call_command("admit", "sec-admin", stdout=said)
    assert "/password/" in said.getvalue()
    assert not town.person("sec-admin").has_usable_password()
    with pytest.raises(CommandError):
        call_command("admit", "nobody")
