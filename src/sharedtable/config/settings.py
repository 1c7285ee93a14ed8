"""The one settings file. Everything that differs between two installations comes from the environment:

| variable               | what it is                                                | when it is not set              |
|------------------------|-----------------------------------------------------------|---------------------------------|
| SHAREDTABLE_DATA       | folder of the facts, embedded database and secret key     | `var` where it is started       |
| DATABASE_URL           | postgresql://user:password@host:port/name                 | SQLite in SHAREDTABLE_DATA      |
| SHAREDTABLE_SECRET_KEY | the key that signs cookies, 50 characters or more         | made once, in SHAREDTABLE_DATA  |
| SHAREDTABLE_HOSTS      | names under which the site is reached, with commas        | loopback names only             |
| SHAREDTABLE_ADDRESS    | how links in mails begin: https://table.example.org       | http://127.0.0.1:8000           |
| SHAREDTABLE_HTTPS      | 1: a proxy in front speaks https, sets X-Forwarded-Proto  | 0: plain http                   |
| SHAREDTABLE_LOCAL      | 1: whoever sits at this machine may load and change       | 0; `serve` sets it on loopback  |
| SHAREDTABLE_OIDC       | address of an OpenID Connect provider to sign in with     | a code by mail is the only way  |
| SHAREDTABLE_OIDC_ID    | this site's id at the provider                            | needed with SHAREDTABLE_OIDC    |
| SHAREDTABLE_OIDC_KEY   | this site's secret at the provider                        | needed with SHAREDTABLE_OIDC    |
| SHAREDTABLE_OIDC_NAME  | how the button on the sign-in page calls the provider     | your organization               |
| SHAREDTABLE_BACKUPS    | folder of the backups and of the daily heads of the record | `backups` in SHAREDTABLE_DATA  |
| SHAREDTABLE_SUPPRESSION_KEY | the key that hashes addresses that want no mail      | made once, in SHAREDTABLE_DATA  |
| SHAREDTABLE_MAIL_HOST  | the server that takes our mail: smtp.example.org          | none: mail lands in a folder    |
| SHAREDTABLE_MAIL_PORT  | its port                                                  | 465; 587 for starttls, 25 none  |
| SHAREDTABLE_MAIL_TLS   | implicit, starttls, or none (only on this machine)        | implicit                        |
| SHAREDTABLE_MAIL_USER  | the user name there                                       | nobody signs in                 |
| SHAREDTABLE_MAIL_PASSWORD | and the password                                       | none                            |
| SHAREDTABLE_MAIL_FROM  | the address that all our mail comes from                  | table@ the name of the address  |

Nothing else in the web application reads the environment. DEBUG stays off everywhere: its error pages need
inline scripts, which our own policy forbids; the traceback is on standard error.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from sharedtable.config import database, keys, sign_in
from sharedtable.web import static_files

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SHAREDTABLE_DATA") or "var").expanduser().absolute()
LOCAL = os.environ.get("SHAREDTABLE_LOCAL") == "1"
HTTPS = os.environ.get("SHAREDTABLE_HTTPS") == "1"

DEBUG = False
SECRET_KEY = keys.secret_key(DATA, os.environ.get("SHAREDTABLE_SECRET_KEY"))
SUPPRESSION_KEY = keys.suppression_key(DATA, os.environ.get("SHAREDTABLE_SUPPRESSION_KEY"))
BACKUPS = Path(os.environ.get("SHAREDTABLE_BACKUPS") or DATA / "backups").expanduser().absolute()
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *(name.strip() for name in os.environ.get("SHAREDTABLE_HOSTS", "").split(",") if name.strip()),
]

SITE_ADDRESS = os.environ.get("SHAREDTABLE_ADDRESS", "http://127.0.0.1:8000").rstrip("/")

ROOT_URLCONF = "sharedtable.config.urls"
ASGI_APPLICATION = "sharedtable.config.asgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "sharedtable.ledger",
    "sharedtable.accounts",
    "sharedtable.people",
    "sharedtable.studies",
    "sharedtable.partnerships",
    "sharedtable.worksheets",
    "sharedtable.meetings",
    "sharedtable.wall",
    "sharedtable.library",
    "sharedtable.walks",
    "sharedtable.plans",
    "sharedtable.web",
    # After `web`, whose templates take the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]
AUTH_USER_MODEL = "accounts.User"
MIDDLEWARE = [
    # First, so that every answer has the headers, also one that a later line refuses.
    "sharedtable.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before the CSRF check: who may not enter learns only "not found".
    "sharedtable.web.policy.PolicyMiddleware",
    "sharedtable.web.clock.TimeZoneMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sharedtable.web.errors.SentencesMiddleware",
]
APPEND_SLASH = True
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "sharedtable.web.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "sharedtable.web.templatetags.figures",
                "sharedtable.web.templatetags.shell_tags",
                "sharedtable.web.templatetags.who_sees",
            ],
        },
    }
]

# --- signing in: see config/sign_in.py -------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["sharedtable.accounts.sessions.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "spaces"
OIDC = sign_in.Provider(
    address=os.environ.get("SHAREDTABLE_OIDC", "").rstrip("/"),
    client_id=os.environ.get("SHAREDTABLE_OIDC_ID", ""),
    secret=os.environ.get("SHAREDTABLE_OIDC_KEY", ""),
    name=os.environ.get("SHAREDTABLE_OIDC_NAME", "") or "your organization",
)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": OIDC.apps()}}
if OIDC.address:  # else its libraries would be in memory for nothing
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
globals().update(sign_in.SETTINGS)

# --- database --------------------------------------------------------------------------------------------------------
DATABASES = {"default": database.from_environment(os.environ.get("DATABASE_URL"), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- mail; what is wrong here is told by `doctor` and by the page of letters, never by a site that does not start -----
MAIL_HOST = os.environ.get("SHAREDTABLE_MAIL_HOST", "").strip()
MAIL_TLS = os.environ.get("SHAREDTABLE_MAIL_TLS", "").strip() or "implicit"
MAIL_PORT = os.environ.get("SHAREDTABLE_MAIL_PORT", "").strip()
MAIL_USER = os.environ.get("SHAREDTABLE_MAIL_USER", "")
MAIL_PASSWORD = os.environ.get("SHAREDTABLE_MAIL_PASSWORD", "")
MAIL_FROM = os.environ.get("SHAREDTABLE_MAIL_FROM", "").strip()
MAIL_TIMEOUT = 10  # seconds

# --- language, time, numbers -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
FORMAT_MODULE_PATH = ["sharedtable.config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # Django's default would set the whole process to Chicago time
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS

# --- static files: one hash of the whole tree stands in the address, see web/static_files.py -------------------------
STATIC_URL = static_files.base_address()

# --- security --------------------------------------------------------------------------------------------------------
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "sharedtable.web.errors.csrf_failure"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # no session, so no table
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Not "no-referrer": with it a browser sends `Origin: null` for our own forms, and the Origin check could not work.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        # A browser applies this to where a form is led on to as well, so the provider's address has to stand here.
        "form-action": ["'self'", *OIDC.origins()],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        # Text from people reaches the page as text nodes only: innerHTML with a string throws.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a region of every county in the country posts 3,200 of them
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# --- log -------------------------------------------------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_tokens": {"()": "sharedtable.web.log.NoTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "sharedtable": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # A page that is not there is not an event; a page that breaks is.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # Robots that ask for other names: they get 400, nobody needs a traceback of it.
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
