"""The one settings file. Every difference between machines is an environment variable, read here and nowhere else.

An empty environment is production-safe and refuses to start: it names what is missing.
The variables are listed in docs/howto/deploy.md.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# ── Kind of machine ──────────────────────────────────────────────────────
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-a-demonstration-on-one-machine" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Put 50 random characters into the environment variable SECRET_KEY, "
        "or set DEBUG=1 for a demonstration on your own machine (docs/howto/deploy.md)."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. List the site's host names in the environment variable ALLOWED_HOSTS, "
        "parted by commas: ALLOWED_HOSTS=www.example.org (docs/howto/deploy.md)."
    )
# The site's own address, as readers type it: used for feeds and canonical links, never taken from a request.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Le Courrier de Valmeray")
# Part of every kept page's key and ETag: a new release renews them all.
RELEASE = env.str("RELEASE", default="0.1.0")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

# ── Applications ─────────────────────────────────────────────────────────
INSTALLED_APPS = [
    # Before ours, which take its rows out of the admin: an export says there what became of it.
    "django_tasks",
    "django_tasks_db",
    "newsroom.apps.NewsroomConfig",
    "comments.apps.CommentsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "newsroom.middleware.kept_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.middleware.content_security_policy",
    "newsroom.middleware.refuse_malformed_input",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.middleware.staff_pages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "newsroom.old_slugs.lead_on",
    "newsroom.middleware.tell_method_not_allowed",
]

if DEBUG:
    # runserver gives out the static files; nothing has been collected.
    MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
    MIDDLEWARE.append("newsroom.middleware.demonstrate_not_found")

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
ASGI_APPLICATION = "newsroom.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["newsroom.templatetags.site"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context.site",
            ],
        },
    },
]

# ── Database ─────────────────────────────────────────────────────────────
# Empty counts as unset, as everywhere.
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'newsroom.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a writer takes its turn at BEGIN instead of failing at the first write (docs/decisions/0003).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={env.str('SQLITE_SYNCHRONOUS', default='FULL')};"
            "PRAGMA foreign_keys=ON;"
        ),
    }
    # To open the file anew costs as much as all that a post asks of it. It stays this file, also through a restore.
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    # A file, in WAL, as in production: the in-memory test database locks out parallel transactions.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    POOL = env.int("DATABASE_POOL", default=0)
    # A pool takes the connection back after each request: Django lets it keep none open by itself.
    DATABASES["default"]["CONN_MAX_AGE"] = 0 if POOL else env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A statement or a lock that waits longer than this answers 503 at once instead of piling up behind it.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=20_000)}"
        f" -c lock_timeout={env.int('LOCK_TIMEOUT_MS', default=10_000)}"
    )
    # newsroom/prepared.py: from the third time on what is run often is not read and planned again.
    if env.bool("PREPARED_STATEMENTS", default=True):
        DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 2
    if POOL:
        # Who waits longer than this for a connection is told 503: the machine has more threads than connections.
        DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": POOL, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Bytes that each process keeps: an eighth for what stands around articles' comments, the rest for whole pages.
PAGES_MEMORY = env.int("PAGES_MEMORY_MB", default=64) * 1024 * 1024
FRAMES = {"BACKEND": "newsroom.pages.memory.Memory", "LOCATION": "frames", "OPTIONS": {"bytes": PAGES_MEMORY // 8}}
PAGES = {"bytes": PAGES_MEMORY - PAGES_MEMORY // 8}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "newsroom_cache"},
    "pages": {"BACKEND": "newsroom.pages.memory.Memory", "LOCATION": "pages", "OPTIONS": PAGES},
    "frames": FRAMES,
}
if CACHE_URL := env.str("CACHE_URL", default=""):
    # A Redis that does not answer within half a second is done without: pages are made anew.
    REDIS = {"LOCATION": CACHE_URL, "KEY_PREFIX": "newsroom", "TIMEOUT": 3600}
    PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    CACHES = {
        "default": REDIS | {"BACKEND": "django.core.cache.backends.redis.RedisCache", "OPTIONS": PATIENCE},
        "pages": REDIS | {"BACKEND": "newsroom.pages.memory.MemoryBeforeRedis", "OPTIONS": PATIENCE | PAGES},
        "frames": FRAMES,
    }

# ── Work in the background ────────────────────────────────────────────────
# A worker takes it from the database: manage.py db_worker (docs/howto/deploy.md).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Never below MEDIA_ROOT or STATIC_ROOT: what lies here is given out by the admin alone.
EXPORTS_ROOT = Path(env.str("EXPORTS_ROOT", default=str(DATA_DIR / "exports")))
EXPORTS_KEPT_DAYS = env.int("EXPORTS_KEPT_DAYS", default=7)

# ── Language and time ────────────────────────────────────────────────────
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="fr")
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")
USE_I18N = True
USE_TZ = True

# ── Files ────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "newsroom.static_files.HashedFiles"
        )
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))

# ── People ───────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "newsroom.User"
SESSION_ENGINE = "newsroom.sessions"
AUTHENTICATION_BACKENDS = ["newsroom.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_landing"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "newsroom.accounts.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# The mail to an unknown address would invite its owner to sign up.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/15m/key", "reset_password": "10/m/ip,3/15m/key"}
ACCOUNT_FORMS = {
    "login": "newsroom.accounts.SignInForm",
    "change_password": "newsroom.accounts.NewPasswordForm",
    "reset_password": "newsroom.accounts.ForgottenPasswordForm",
    "reset_password_from_key": "newsroom.accounts.PasswordByLinkForm",
}

# ── Mail ─────────────────────────────────────────────────────────────────
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="newsroom@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ── Comments ─────────────────────────────────────────────────────────────
COMMENTS = {
    # How often one network address may post or report, as (count, seconds).
    "LIMIT_SUBMIT_PER_ADDRESS": env.tuple("LIMIT_SUBMIT_PER_ADDRESS", cast=int, default=(10, 600)),
    "LIMIT_SUBMIT_PER_READER": env.tuple("LIMIT_SUBMIT_PER_READER", cast=int, default=(10, 600)),
    "LIMIT_REPORT_PER_ADDRESS": env.tuple("LIMIT_REPORT_PER_ADDRESS", cast=int, default=(20, 3600)),
    "MAX_LINKS": env.int("MAX_LINKS", default=2),
    "TRACES_KEPT_DAYS": env.int("TRACES_KEPT_DAYS", default=365),
}
# Peers whose X-Forwarded-For is believed: addresses or networks in CIDR notation. Empty: the socket's address holds.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# ── Forms ────────────────────────────────────────────────────────────────
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1500
PUBLIC_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
PUBLIC_UPLOAD_MAX_NUMBER_FIELDS = 50

# ── Security ─────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "newsroom.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# A health probe comes from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# W005, W021: HSTS for subdomains and preload bind names that belong to the newspaper, not to this site; its choice.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# ── Logs ─────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "newsroom.logs.WithoutValues",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
