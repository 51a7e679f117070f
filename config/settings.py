"""Django's settings. Everything that differs between places comes from the environment."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from config import environment, logs

django_stubs_ext.monkeypatch()
environment.load()

BASE_DIR = environment.ROOT
VAR = environment.var_directory()
DEBUG = environment.is_true("LOUZHANG_DEBUG")
ROLE = environment.role()
EMBEDDED = environment.uses_embedded_database()

SECRET_KEY = environment.required("LOUZHANG_SECRET_KEY")
SEAL_KEYS = environment.seal_keys()
INDEX_KEY = environment.key("LOUZHANG_INDEX_KEY")
CHAIN_KEY = environment.key("LOUZHANG_CHAIN_KEY")

# --- Apps -----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "louzhang.shell",
    "louzhang.scenarios",
    "louzhang.demo",
    "louzhang.command",
    "louzhang.roster",
    "louzhang.figures",
    "louzhang.surveys",
    "louzhang.fieldwork",
    "louzhang.duty",
    "louzhang.ballots",
    "louzhang.inquiries",
    "louzhang.mediation",
    "louzhang.workorders",
    "louzhang.register",
    "louzhang.notices",
    "louzhang.areas",
    "louzhang.accounts",
    "louzhang.journal",
    "django.forms",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    "template_partials",
    "treebeard",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "louzhang.accounts.middleware.DeviceMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "louzhang.shell.toasts.ToastMiddleware",
    "louzhang.journal.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
PROCESSORS = ["django.template.context_processors.request", "louzhang.shell.context_processors.shell"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": PROCESSORS},
    }
]

FORM_RENDERER = "louzhang.shell.rendering.ShellRenderer"

# --- Database -------------------------------------------------------------------------------------

# One deployment serves one district; its tables live in one schema, the queue in one of its own.
SCHEMA = environment.text("LOUZHANG_SCHEMA", "public")
QUEUE_SCHEMA = environment.text("LOUZHANG_QUEUE_SCHEMA", "queue")
QUEUE_NAME = environment.text("LOUZHANG_QUEUE", f"{SCHEMA}")

DATABASES: dict[str, Any] = {
    "default": environment.database(ROLE)
    | {
        "ENGINE": "louzhang.kit.database",
        # Connections stay open; louzhang.kit.database checks their health without a query.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": f"-c search_path={SCHEMA},{QUEUE_SCHEMA}",
            "application_name": f"louzhang-{ROLE}",
            "prepare_threshold": 2,
        },
    }
}
DATABASE_LOGINS = environment.logins()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = "louzhang.kit.queue.on_app_ready"

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# What is stored about a failed sign-in is the blind index of the number, never the number.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # not by address: 300 neighbours can sit behind one
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "phone", "password", "code", "next", "csrfmiddlewaretoken"]
# Trying again while locked does not make the lock longer: the page says how long it lasts.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "louzhang.accounts.locking.lockout_response"
AXES_CLIENT_IP_CALLABLE = "louzhang.accounts.addresses.axes_address"

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = environment.text("LOUZHANG_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_PLACE = MEDIA_ROOT = VAR / "media"
SEALS_PLACE = VAR / "seals"
# Keys of open ballots: in no backup, destroyed after the count; on a cluster a folder all its machines share.
BALLOT_KEYS_PLACE = Path(environment.text("LOUZHANG_BALLOT_KEYS", str(VAR / "ballots")))
STORAGES = {
    "media": {"BACKEND": "louzhang.kit.media.DigestStorage"},
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "louzhang.kit.publishing.LeanStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- Mail -----------------------------------------------------------------------------------------

# Notices go by e-mail where a server is named; without one the channel is not offered.
EMAIL_HOST = environment.text("LOUZHANG_EMAIL_HOST", "")
EMAIL_PORT = int(environment.text("LOUZHANG_EMAIL_PORT", "587"))
EMAIL_HOST_USER = environment.text("LOUZHANG_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("LOUZHANG_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.is_true("LOUZHANG_EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("LOUZHANG_EMAIL_FROM", "louzhang@localhost")
CONSOLE_CHANNEL = environment.is_true("LOUZHANG_CONSOLE_CHANNEL", default=DEBUG)

# --- Safety of pages ------------------------------------------------------------------------------

# Plain HTTP is for the machine itself and for trying out; a public place says LOUZHANG_HTTPS=1.
HTTPS = environment.is_true("LOUZHANG_HTTPS", default=not (DEBUG or EMBEDDED))
ALLOWED_HOSTS = environment.hosts()
CSRF_TRUSTED_ORIGINS = environment.words("LOUZHANG_ORIGINS", [])
BEHIND_PROXY = environment.is_true("LOUZHANG_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "louzhang.shell.refusals.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *environment.words("LOUZHANG_TILE_HOSTS", [])],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Logs -----------------------------------------------------------------------------------------

LOGGING_CONFIG = None
logs.configure(debug=DEBUG)
