"""Bearer tokens of apps other than our own: a guest's is signed, a driver's is a sign-in that can be ended."""

from importlib import import_module
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.core import signing
from django.http import HttpRequest

from ohmstead.access.models import User
from ohmstead.access.row_security import bound
from ohmstead.drivers.arrivals import GUEST_FOR, driver_of
from ohmstead.drivers.models import Token
from ohmstead.web.driver.scope import DriverViewer, guest_named, organisation_of

_SALT: Final = "ohmstead.web.driver.bearer"
_GUEST: Final = "guest_"
_DRIVER: Final = "driver_"


def of_guest(token: Token) -> str:
    return _GUEST + signing.dumps(str(token.pk), salt=_SALT)


def of_user(request: HttpRequest, user: User) -> str:
    """A sign-in that stands in the list of the person's sign-ins; ending it there ends the token."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    UserSession.objects.create(
        user=user,
        session_key=session.session_key,
        ip=request.META.get("REMOTE_ADDR") or "127.0.0.1",
        user_agent=f"App: {request.headers.get('User-Agent', '')}"[:200],
    )
    return f"{_DRIVER}{session.session_key}"


def viewer_of_bearer(request: HttpRequest, header: str) -> DriverViewer | None:
    scheme, _, text = header.partition(" ")
    organisation = organisation_of(request)
    if scheme.lower() != "bearer" or organisation is None:
        return None
    text = text.strip()
    with bound(organisation.pk):
        if text.startswith(_GUEST):
            guest = _guest(text.removeprefix(_GUEST))
            found = guest_named(guest, organisation) if guest else None
            return DriverViewer(organisation, guest=found) if found else None
        user = _user(text.removeprefix(_DRIVER)) if text.startswith(_DRIVER) else None
        return DriverViewer(organisation, user, driver_of(organisation, user)) if user else None


def _guest(text: str) -> str:
    try:
        return str(signing.loads(text, salt=_SALT, max_age=GUEST_FOR))
    except signing.BadSignature:
        return ""


def _user(session_key: str) -> User | None:
    request: Any = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None
