"""Every setting of the house, read from the environment; README.md lists the variables."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from project import environment, logs
from project.running.places import database_url

BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / ".build"  # made by `make setup`

# --- what this installation keeps: keys, seals, uploads, the embedded database ---
TUIGUAN_DATA = environment.data_folder()
SECRET_KEY = environment.secret("SECRET_KEY", TUIGUAN_DATA / "keys" / "django-secret")
DEBUG = environment.flag("TUIGUAN_DEBUG", default=False)

# --- where it answers ---
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
ALLOWED_HOSTS = environment.hosts("TUIGUAN_HOSTS", "localhost,127.0.0.1,[::1]")
ON_LOCALHOST = set(ALLOWED_HOSTS) <= LOCAL_HOSTS
BEHIND_PROXY = environment.flag("TUIGUAN_BEHIND_PROXY", default=False)

# --- the certificate that signs papers; without one, a demonstration certificate is made ---
SIGNING_PFX = environment.text("TUIGUAN_SIGNING_PFX")
SIGNING_PASSWORD = environment.text("TUIGUAN_SIGNING_PASSWORD")

# --- the database: PostgreSQL, three roles ---
DATABASE_URL = environment.text("DATABASE_URL")
DATABASE_OWNER_URL = environment.text("DATABASE_OWNER_URL")
if DATABASE_OWNER_URL and not DATABASE_URL:
    raise ImproperlyConfigured("DATABASE_OWNER_URL is set without DATABASE_URL: set both, or neither.")
APP_DATABASE = environment.database("DATABASE_URL", DATABASE_URL or database_url(TUIGUAN_DATA, "tuiguan_app"))
OWNER_DATABASE = APP_DATABASE
if environment.acts_as_owner():
    if DATABASE_URL and not DATABASE_OWNER_URL:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is missing: this command works on the tables themselves, "
            "which DATABASE_URL's role may not."
        )
    OWNER_DATABASE = environment.database(
        "DATABASE_OWNER_URL", DATABASE_OWNER_URL or database_url(TUIGUAN_DATA, "tuiguan_owner")
    )
# Migrations grant to these names.
DATABASE_APP_ROLE = APP_DATABASE["USER"]
DATABASE_AUDITOR_ROLE = environment.text("DATABASE_AUDITOR_ROLE", "tuiguan_auditor")
DATABASES = {"default": OWNER_DATABASE if environment.acts_as_owner() else APP_DATABASE}
DATABASES["default"] |= {
    "CONN_MAX_AGE": None,  # connections kept open are worth more than any choice of server
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,  # the door opens its own transactions
}
DATABASES["default"]["OPTIONS"].setdefault("application_name", "tuiguan")
# What `prepared` writes down is planned once; the server's own choice would plan the largest anew each time.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c plan_cache_mode=force_generic_plan")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "viewflow",
    "viewflow.workflow",
    "django_htmx",
    "django_cotton",
    "axes",
    "csp",
    "apps.audit",
    "apps.calendar",
    "apps.organisations",
    "apps.policies",
    "apps.jobs",
    "apps.notices",
    "apps.engine",
    "apps.clocks",
    "apps.retirees",
    "apps.cases",
    "apps.transfers",
    "apps.treasury",
    "apps.fees",
    "apps.allocations",
    "apps.exemptions",
    "apps.personnel_files",
    "apps.exchange",
    "apps.documents",
    "workflows",
    "project.running",  # its commands: backup, restore
    "apps.inbox",
    "apps.processes",
    "apps.portal",
    "apps.histories",
    "apps.reports",
    "apps.finance",
    "apps.administration",
    "apps.demo",
]

MIDDLEWARE = [
    "project.probes.ProbesMiddleware",
    "project.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "project.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "project.characters.NoZeroCharacterMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.inbox.acting.ActingMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a refused sign-in into an answer
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "apps.inbox.frame.frame",
                "apps.notices.bell.bell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
# viewflow's own pages and middleware are not used, only its engine.
VIEWFLOW = {"AUTOREGISTER": False}

# --- who may come in ---
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AXES_FAILURE_LIMIT = environment.number("TUIGUAN_SIGN_IN_TRIES", 5, least=3, most=50)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_CLIENT_IP_CALLABLE = "project.requests.address_of"
AXES_VERBOSE = False
SESSION_ENGINE = "apps.organisations.session_store"
AXES_USERNAME_CALLABLE = "project.requests.name_tried"
SESSION_COOKIE_AGE = environment.number("TUIGUAN_SESSION_MINUTES", 480, least=5, most=1440) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- what travels, and how ---
SESSION_COOKIE_SECURE = not ON_LOCALHOST
CSRF_COOKIE_SECURE = not ON_LOCALHOST
SECURE_SSL_REDIRECT = not ON_LOCALHOST
SECURE_HSTS_SECONDS = 0 if ON_LOCALHOST else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not ON_LOCALHOST
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in LOCAL_HOSTS]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler's stylesheet draws its arrows as data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000  # a set of 5,000 rows ticked one by one
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
MEDIA_ROOT = TUIGUAN_DATA / "uploads"

# --- the language and the clock ---
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "project" / "locale"]
FORMAT_MODULE_PATH = ["project.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- stylesheets, scripts, pictures ---
STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS = [
    place for place in (BASE_DIR / "project" / "static", BUILD_DIR / "assets") if place.is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- background work: the job rows are the truth, the broker only carries wake-ups ---
CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL") or "filesystem://localhost"
if CELERY_BROKER_URL.startswith("filesystem:"):
    BROKER_FOLDER = str(environment.folder("TUIGUAN_BROKER_FOLDER", TUIGUAN_DATA / "broker"))
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": BROKER_FOLDER,
        "data_folder_out": BROKER_FOLDER,
        "control_folder": f"{BROKER_FOLDER}/control",
        "polling_interval": 0.1,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 3, "socket_timeout": 10}
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = environment.text("CELERY_QUEUE", "tuiguan")
CELERY_TASK_DEFAULT_DELIVERY_MODE = "transient"  # a lost wake-up is made up for by the scheduler
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # its answers would lie about in the broker's folder
CELERY_BEAT_SCHEDULER = "project.celery.JobScheduler"

# --- messages that leave the house ---
SITE_HOST = ALLOWED_HOSTS[0].lstrip(".")
SITE_URL = environment.address(
    "TUIGUAN_URL",
    f"http://127.0.0.1:{environment.text('PORT') or 8000}" if ON_LOCALHOST else f"https://{SITE_HOST}",
)
OUTBOX = TUIGUAN_DATA / "outbox"
MAIL_SERVER = environment.mail_server("EMAIL_URL")
if MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.scheme == "smtp+tls", MAIL_SERVER.scheme == "smtps"
    EMAIL_TIMEOUT = 20  # seconds
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = OUTBOX
DEFAULT_FROM_EMAIL = environment.mailbox("EMAIL_FROM", f"tuiguan@{SITE_HOST}")
SMS_GATEWAY = environment.text("SMS_GATEWAY", "apps.notices.sms.Outbox")

# --- who may read the figures ---
METRICS_TOKEN = environment.text("TUIGUAN_METRICS_TOKEN")

LOGGING = logs.config(environment.log_level())
