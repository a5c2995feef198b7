"""Who calls the API: a program with a key, or a person who is signed in to the console."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone
from ninja.utils import check_csrf

from ohmstead.access.api_keys import note_use
from ohmstead.access.queries import key_for
from ohmstead.access.rights import Right
from ohmstead.web.api.problems import Refused
from ohmstead.web.scope import Viewer, viewer_of_key, viewer_of_request

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def identify(request: HttpRequest) -> Viewer | None:
    """A key counts alone: who sends one is never taken for the person whose cookie came along."""
    if (header := request.headers.get("Authorization")) is not None:
        return _by_key(header)
    viewer = viewer_of_request(request)
    if viewer is None:
        return None
    if request.method not in SAFE and check_csrf(request) is not None:
        raise Refused("csrf", "A write with the console's cookie needs its CSRF token in the header X-CSRFToken.")
    return viewer


def _by_key(header: str) -> Viewer | None:
    scheme, _, text = header.partition(" ")
    now = timezone.now()
    key = key_for(text.strip(), now) if scheme.lower() == "bearer" else None
    if key is None:
        return None
    note_use(key, now)
    return viewer_of_key(key)


def needs(right: Right) -> Callable[[HttpRequest], Viewer | None]:
    """Asked before the request is read; `request.auth` is then the Viewer whose tenant bounds the answer."""

    def allowed(request: HttpRequest) -> Viewer | None:
        found: Viewer | None = getattr(request, "viewer", None)
        if found is not None and not found.has(right):
            raise Refused("forbidden", f"This needs the scope {right.value}, which you do not have.")
        return found

    return allowed


def viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.auth  # type: ignore[attr-defined]
    return found
