"""Django settings; everything a deployment changes comes from the environment (run/environment.py)."""

from pathlib import Path

from ohmstead.run.environment import environment

_env = environment()

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = _env.secret_key
DEBUG = False
_public = _env.django_public()
ALLOWED_HOSTS = _public["ALLOWED_HOSTS"]
CSRF_TRUSTED_ORIGINS = _public["CSRF_TRUSTED_ORIGINS"]
SESSION_COOKIE_SECURE = _public["SESSION_COOKIE_SECURE"]
CSRF_COOKIE_SECURE = _public["CSRF_COOKIE_SECURE"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "ohmstead.access",
    "ohmstead.integration",
    "ohmstead.network",
    "ohmstead.drivers",
    "ohmstead.charging",
    "ohmstead.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "ohmstead.web.urls"
ASGI_APPLICATION = "ohmstead.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,  # the mails of django-allauth that we leave as they are
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ohmstead.web.context.page",
            ],
        },
    }
]
DATABASES = {"default": _env.django_database()}
READINGS_KEPT_DAYS = _env.readings_kept_days
PLATE_RECOGNISER_URL = _env.plate_recogniser_url
PLATE_RECOGNISER_TOKEN = _env.plate_recogniser_token
SILENT_SESSION_HOURS = _env.silent_session_hours
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/console/"
CACHES = {
    # Shared by all web processes: django-allauth counts attempts in it.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
MAILERS = {"default": _env.django_mailer()}
DEFAULT_FROM_EMAIL = _env.mail_from

# Sign-in (django-allauth): web/accounts says what these settings cannot.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "ohmstead.web.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False  # operators are invited
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation or a code has proved the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SESSION_COOKIE_SECURE else "http"
ACCOUNT_RATE_LIMITS = {"login": None}  # failures are limited by web/accounts/lockout.py, successes need no limit
MFA_ADAPTER = "ohmstead.web.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves
MFA_TOTP_TOLERANCE = 1

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "web" / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "web" / "static"]
WHITENOISE_USE_FINDERS = True

OHMSTEAD_BASEMAP = _env.basemap
OHMSTEAD_BASEMAP_CREDIT = _env.basemap_credit
_tiles_of_others = [_env.basemap_origin] if _env.basemap_origin else []

SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "worker-src": ["'self'"],
    "style-src-elem": ["'self'"],
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:", *_tiles_of_others],
    "connect-src": ["'self'", *_tiles_of_others],
    "frame-ancestors": ["'none'"],
}

OHMSTEAD_ALLOW_PRIVATE_ADDRESSES = _env.allow_private_addresses
OHMSTEAD_API_ORIGINS = _env.api_origins
OHMSTEAD_API_REQUESTS_PER_MINUTE = _env.api_requests_per_minute
OHMSTEAD_DEFAULT_ORGANISATION = _env.default_organisation
OHMSTEAD_CA_FOLDER = _env.ca_folder or _env.data / "ca"
OHMSTEAD_DEMO = _env.demo
OHMSTEAD_DRIVER_PASSWORDS = _env.driver_passwords
OHMSTEAD_ROW_SECURITY = _env.row_security
OHMSTEAD_NATS_URL = _env.nats_url
OHMSTEAD_OCPP_PORT = _env.ocpp_port
OHMSTEAD_OCPPS_PORT = _env.ocpps_port
OHMSTEAD_HOST = _env.host
OHMSTEAD_WEB_PORT = _env.web_port
OHMSTEAD_STATION_FILES_URL = _env.station_files_url or _env.public_url
OHMSTEAD_STATION_FILE_MB = _env.station_file_mb
