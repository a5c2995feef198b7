"""Who calls the API: for now a person who is signed in to the console."""

from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie

from ohmstead.web.scope import Viewer, viewer_of


class SignedIn(APIKeyCookie):
    """The console's session; `request.auth` is then the Viewer whose tenant bounds every answer."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user: Any = request.user
        return viewer_of(user) if user.is_authenticated else None


def viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.auth  # type: ignore[attr-defined]
    return found
