"""Settings refuse nonsense with a sentence, and make what is missing."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from project import environment

NONSENSE = {
    "DATABASE_URL=mysql://root@localhost/x": "only PostgreSQL is supported",
    "DATABASE_URL=postgres://localhost/x": "names no user",
    "DATABASE_URL=postgres://app@localhost/": "names no database",
    "DATABASE_URL=postgres://app@localhost:99999/x": "Port out of range",
    "DATABASE_OWNER_URL=postgres://owner@localhost/x": "set both, or neither",
    "SECRET_KEY=short": "too short or too plain",
    "TUIGUAN_HOSTS=*": "name the hosts",
    "TUIGUAN_HOSTS=https://example.cn": "write host names",
    "TUIGUAN_DATA=somewhere": "write an absolute path",
    "TUIGUAN_DEBUG=perhaps": "write yes or no",
    "TUIGUAN_SESSION_MINUTES=soon": "write a whole number",
    "TUIGUAN_SESSION_MINUTES=0": "must lie between",
    "TUIGUAN_LOG_LEVEL=LOUD": "write one of",
    "TUIGUAN_URL=tuiguan.example.cn": "write https://host",
    "EMAIL_URL=mail.example.cn": "names no mail server",
    "EMAIL_URL=smtp://clerk:secret@mail.example.cn": "send a password in clear",
    "EMAIL_URL=smtps://mail.example.cn:99999": "Port out of range",
    "EMAIL_FROM=nobody": "write one address",
}


def settings_under(
    tmp_path, *variables: str, show: str = "", argv: str = "[]"
) -> subprocess.CompletedProcess:
    """Read the settings in a process of their own."""
    env = {"TUIGUAN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "project.settings"}
    env |= dict(variable.split("=", 1) for variable in variables)
    code = f"import sys; sys.argv += {argv}\nfrom django.conf import settings; settings.DEBUG\nprint({show})"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True
    )


@pytest.mark.parametrize("variable", NONSENSE)
def test_nonsense_is_refused_with_a_sentence(variable, tmp_path):
    done = settings_under(tmp_path, variable)
    assert done.returncode == 1
    last_line = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last_line
    assert NONSENSE[variable] in last_line


def test_a_first_run_makes_a_secret_that_only_its_owner_reads(tmp_path):
    first = settings_under(tmp_path, show="settings.SECRET_KEY").stdout
    again = settings_under(tmp_path, show="settings.SECRET_KEY").stdout
    file = tmp_path / "keys" / "django-secret"
    assert first == again
    assert len(first) > 60
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_secret_of_the_first_of_two_starts_stays(tmp_path):
    path = tmp_path / "secret"
    first = environment.kept_secret(path)
    assert environment.kept_secret(path) == first
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("hosts", "secure"), [("localhost", False), ("localhost,tuiguan.example.cn", True)])
def test_away_from_localhost_everything_is_encrypted(hosts, secure, tmp_path):
    show = (
        "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, "
        "settings.SECURE_HSTS_SECONDS > 0"
    )
    assert settings_under(tmp_path, f"TUIGUAN_HOSTS={hosts}", show=show).stdout.split() == [str(secure)] * 4


def test_a_schema_command_needs_the_owner(tmp_path):
    url = "DATABASE_URL=postgres://app@localhost/x"
    assert settings_under(tmp_path, url).returncode == 0
    refused = settings_under(tmp_path, url, argv="['migrate']")
    assert "DATABASE_OWNER_URL is missing" in refused.stderr


def test_a_socket_and_a_password_with_signs_are_understood():
    described = environment.database("DATABASE_URL", "postgres://app:p%40ss@/town?host=/run/pg")
    assert described["HOST"] == "/run/pg"
    assert described["PASSWORD"] == "p@ss"
    assert described["NAME"] == "town"


def test_inline_scripts_are_forbidden(settings):
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert directives["default-src"] == ["'none'"]


def test_an_unknown_flag_is_named(monkeypatch):
    monkeypatch.setenv("TUIGUAN_DEBUG", "jein")
    with pytest.raises(ImproperlyConfigured, match="TUIGUAN_DEBUG"):
        environment.flag("TUIGUAN_DEBUG", default=False)
