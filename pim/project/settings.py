"""All settings, read from the environment; docs/settings.md describes each one.

What no environment changes stands by subject beside it: `bell`, `rest`, `unfold`.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from .bell import *  # noqa: F403
from .bucket import bucket_storages
from .embedded import own_public_url, own_secret
from .rest import REST, SPECTACULAR_SETTINGS  # noqa: F401
from .unfold import (  # noqa: F401
    ADMIN_PRODUCT_LISTINGS,
    ADMIN_PRODUCT_PANELS,
    ADMIN_PRODUCT_PREVIEW,
    ADMIN_PRODUCT_STATES,
    UNFOLD,
)

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("PIM_DATA_DIR", str(BASE_DIR / "var"))).resolve()
# Embedded mode is for one machine and loopback, and the default as long as nothing names a
# database or a secret; everything else must bring its own.
DEBUG = env.bool("PIM_DEBUG", False)
EMBEDDED = env.bool("PIM_EMBEDDED", not {"PIM_SECRET_KEY", "PIM_DATABASE_URL"} & set(os.environ))
if EMBEDDED:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = env.str("PIM_SECRET_KEY", "") or (own_secret(DATA_DIR) if EMBEDDED else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set PIM_SECRET_KEY, or PIM_EMBEDDED=1 on a machine of your own.")
SECRET_KEY_FALLBACKS = env.list("PIM_SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("PIM_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("PIM_TRUSTED_ORIGINS", [])
PUBLIC_URL_FILE = DATA_DIR / "public-url"
PUBLIC_URL = env.str("PIM_PUBLIC_URL", own_public_url(PUBLIC_URL_FILE)).rstrip("/")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_prose_editor",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "pim",
    "syndication",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "pim.project.nul.NoNul",
    "syndication.api.shortcut.FeedShortcut",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pim.project.rows.DeskRows",
    "pim.project.csp.DeskCSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pim.project.urls"
WSGI_APPLICATION = "pim.project.wsgi.application"
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
            ]
        },
    }
]

# Widgets of the desk have their templates beside the other templates.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

SQLITE_OPTIONS = {
    # WAL alone makes "database is locked" more frequent; IMMEDIATE removes it.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
        "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
    ),
}
DATABASES = {
    "default": env.dj_db_url(
        "PIM_DATABASE_URL", f"sqlite:///{DATA_DIR / 'pim.sqlite3'}", conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
# Opening SQLite and setting its pragmas costs more than most requests.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("PIM_CONN_MAX_AGE", 60)

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
AXES_FAILURE_LIMIT = env.int("PIM_LOGIN_ATTEMPTS", 10)
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]

LOGIN_REDIRECT_URL = "/admin/"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fi", _("Finnish")),
    ("da", _("Danish")),
    ("pl", _("Polish")),
    ("de", _("German")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("PIM_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("PIM_STATIC_ROOT", str(DATA_DIR / "static")))
# Embedded: style sheets straight from where they are; nothing to collect before a start.
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}
# Assets, artefacts and the files of jobs: in folders, or in a bucket with a cache before it.
FILES = env.str("PIM_FILES", "")
FILES_CACHE_ROOT = DATA_DIR / "cache"
FILES_CACHE_MB = env.int("PIM_FILES_CACHE_MB", 4096)
FILES_REDIRECT_SECONDS = env.int("PIM_FILES_REDIRECT_SECONDS", 0)
FILES_ROOT = FILES_CACHE_ROOT if FILES else DATA_DIR
if FILES:
    STORAGES |= bucket_storages(
        FILES,
        endpoint=env.str("PIM_S3_ENDPOINT", ""),
        region=env.str("PIM_S3_REGION", ""),
        key=env.str("PIM_S3_KEY", ""),
        secret=env.str("PIM_S3_SECRET", ""),
    )
MEDIA_ROOT = FILES_ROOT / "media"
ASSET_ROOT = FILES_ROOT / "assets"
FONT_FOLDER = DATA_DIR / "fonts"  # of brands, unpacked; made anew where a file is missing
ARTEFACT_ROOT = FILES_ROOT / "artefacts"
PRINT_LAYOUTS = env.str("PIM_PRINT_LAYOUTS", "")
SCRATCH_ROOT = DATA_DIR / "scratch"
EXPORT_ROOT = Path(env.str("PIM_EXPORT_ROOT", str(DATA_DIR / "exports")))
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# Collections of the PIM REST API, unpacked; they wait in a file, not in memory.
REST_BODY_BYTES = env.int("PIM_REST_BODY_MB", 1024) * 1024 * 1024

# Strict by default; pim.project.csp widens it for the admin and the API's documentation.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"
if env.bool("PIM_HTTPS", False):
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

REST_FRAMEWORK = REST | {"NUM_PROXIES": env.int("PIM_PROXIES", 0)}

# Editions: leases, sweeps and retries in seconds, attempts per edition, children at a time.
EDITION_LEASE_SECONDS = env.float("PIM_LEASE_SECONDS", 60)
EDITION_RENEW_SECONDS = env.float("PIM_LEASE_RENEW_SECONDS", EDITION_LEASE_SECONDS / 6)
EDITION_SWEEP_SECONDS = env.float("PIM_SWEEP_SECONDS", 15)
EDITION_UPKEEP_SECONDS = env.float("PIM_UPKEEP_SECONDS", 1)
EDITION_ATTEMPTS = env.int("PIM_EDITION_ATTEMPTS", 3)
EDITION_BACKOFF_SECONDS = env.float("PIM_BACKOFF_SECONDS", 30)
EDITION_DEADLINE_SECONDS = env.int("PIM_EDITION_DEADLINE", 4 * 3600)
RENDER_AHEAD = env.bool("PIM_RENDER_AHEAD", True)
# Opening a form with a preview has the service that draws it started and warm.
PREVIEW_AHEAD = env.bool("PIM_PREVIEW_AHEAD", True)
EDITION_DEBOUNCE_SECONDS = env.float("PIM_ON_CHANGE_SECONDS", 3)
RENDER_CHILDREN = env.int("PIM_RENDER_CHILDREN", os.cpu_count() or 1)
# Texts that may only ever be seen by one audience: {audience: [texts]}; every artefact for
# others is searched for them before it is served.
AUDIENCE_CANARIES = env.json("PIM_AUDIENCE_CANARIES", {})
DELIVERY_ROOTS = [
    Path(path).resolve() for path in env.list("PIM_DELIVERY_ROOTS", [str(DATA_DIR / "deliveries")])
]
# Mail: links to editions go out through this server.
MAIL_URL = env.str("PIM_MAIL_URL", "")
if MAIL_URL:
    vars().update(env.dj_email_url("PIM_MAIL_URL"))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("PIM_MAIL_FROM", "pim@localhost")
MAIL_LINK_DAYS = env.int("PIM_MAIL_LINK_DAYS", 14)
# Folders that import profiles may read.
IMPORT_ROOTS = [
    Path(path).resolve() for path in env.list("PIM_IMPORT_ROOTS", [str(DATA_DIR / "imports")])
]
# Hosts ("host" or "host:port") that may be asked although they are private or speak plain HTTP.
OUTBOUND_HOSTS = env.list("PIM_OUTBOUND_HOSTS", [])
# The running system that a move reads from; the desk and the API start it, workers read these.
MIGRATE = {
    "url": env.str("PIM_MIGRATE_URL", ""),
    "client_id": env.str("PIM_MIGRATE_CLIENT_ID", ""),
    "secret": env.str("PIM_MIGRATE_SECRET", ""),
    "username": env.str("PIM_MIGRATE_USERNAME", ""),
    "password": env.str("PIM_MIGRATE_PASSWORD", ""),
}
# Feeds: the pages a web process keeps ready, and for how long removals can be asked for.
FEED_CACHE_MB = env.int("PIM_FEED_CACHE_MB", 64)
# The translation machine, by its entry point in the group pim.translators; none by default.
TRANSLATOR = env.str("PIM_TRANSLATOR", "")
# Events: how long the stream reaches back, and with it what a webhook can be told again.
EVENT_DAYS = env.int("PIM_EVENT_DAYS", 30)
FEED_TOMBSTONE_DAYS = env.int("PIM_TOMBSTONE_DAYS", 90)
# What API keys are hashed with; changing it (or SECRET_KEY, where it is empty) voids them all.
API_KEY_PEPPER = env.str("PIM_KEY_PEPPER", "")
METRICS_PUBLIC = env.bool("PIM_METRICS_PUBLIC", EMBEDDED)

# Versions that are kept: the last of each product, and what was current in so many days.
# What a kept edition shows is kept in any case: the keepers say so.
VERSIONS_KEEP_LAST = env.int("PIM_VERSIONS_KEEP_LAST", 10)
VERSIONS_KEEP_DAYS = env.int("PIM_VERSIONS_KEEP_DAYS", 365)
VERSION_KEEPERS = ["syndication.queries.versions_shown.VersionsShown"]

# Celery is the bell, the database is the truth; how it rings stands in `bell`.
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = env.str("PIM_BROKER_URL", "filesystem://")
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
CELERY_TASK_TIME_LIMIT = env.int("PIM_TASK_TIME_LIMIT", 6 * 3600)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("PIM_LOG_LEVEL", "INFO")},
    # It names every glyph that it keeps.
    "loggers": {"fontTools": {"level": "WARNING"}, "pikepdf": {"level": "WARNING"}},
}
