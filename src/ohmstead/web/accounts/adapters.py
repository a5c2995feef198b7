"""What we ask of django-allauth beyond its settings."""

import base64
import hashlib
import ipaddress
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from ohmstead.web.accounts import lockout

_QUIET: Final = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail address and password do not match."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait 15 minutes, then try again; other people can still sign in."
        ),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Our lock-out is kept in the database: it holds for all web processes and over restarts."""
        if lockout.is_locked(request, credentials.get("email", "")):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            lockout.note_success(request, credentials.get("email", ""))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        lockout.note_failure(request, credentials.get("email", ""))

    def login(self, request: HttpRequest, user: Any) -> None:
        """Accounts are made for an address; django-allauth wants it in its own table before it mails a code there."""
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        super().login(request, user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where there is no address (a Unix socket), or what a proxy passes on is none, one that says so."""
        try:
            return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
        except ValueError:
            return "0.0.0.0"

    def is_safe_url(self, url: str | None) -> bool:
        """Only to where we are: another name of this installation is another place to a browser."""
        request = self.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def add_message(self, request: Any, level: Any, message_template: Any = None, *args: Any, **more: Any) -> None:
        """The page that opens says enough after signing in or out."""
        if message_template not in _QUIET:
            super().add_message(request, level, message_template, *args, **more)


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are encrypted, so that a copy of the database has none."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "Ohmstead"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return str(_("Passkey"))


def _fernet() -> Fernet:
    key = hashlib.sha256(b"ohmstead.mfa:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
