"""What every request of the drivers' API goes through: whose organisation, who asks, how often."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja.operation import PathView
from ninja.utils import check_csrf

from ohmstead.access.row_security import bound
from ohmstead.web.api import cross_origin, rates
from ohmstead.web.api.access import SAFE
from ohmstead.web.api.problems import Refused, problem
from ohmstead.web.driver.bearers import viewer_of_bearer
from ohmstead.web.driver.scope import DriverViewer, viewer_of_driver

_MOST_BYTES: Final = 10_000


def identify(request: HttpRequest) -> DriverViewer:
    """A bearer token counts alone; the app in the browser comes with its cookies, and its CSRF token when it writes."""
    if (header := request.headers.get("Authorization")) is not None:
        found = viewer_of_bearer(request, header)
        if found is None:
            raise Refused("unauthenticated", "The token is not one that is valid now.")
        return found
    viewer = viewer_of_driver(request)
    if viewer is None:
        raise Refused("not-found", "There is no organisation yet.")
    has_cookies = viewer.user is not None or viewer.guest is not None
    if request.method not in SAFE and has_cookies and check_csrf(request) is not None:
        raise Refused("csrf", "A write with cookies needs the CSRF token in the header X-CSRFToken.")
    return viewer


def guarded(path: PathView) -> Callable[..., HttpResponse]:
    view: Any = path.get_view()

    @wraps(view)
    def door(request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = _answer(view, request, args, kwargs)
        except Refused as refused:
            answer = refused.answer()
        answer.headers.setdefault("Cache-Control", "no-store")
        return cross_origin.allowed(request, answer)

    door.csrf_exempt = True  # type: ignore[attr-defined]
    return door


def _answer(view: Any, request: Any, args: Any, kwargs: Any) -> HttpResponse:
    if request.method == "OPTIONS":
        answer: HttpResponse = view(request, *args, **kwargs)
        return HttpResponse(status=204, headers={"Allow": answer.headers.get("Allow", "")})
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        raise Refused("too-large", f"The body may have {_MOST_BYTES} bytes at most.")
    request.driver = identify(request)
    with bound(request.driver.organisation.pk):
        share = rates.take(request.driver.asker_id)
        if share.exceeded:
            answer = problem("too-many-requests", f"That was more than {share.limit} requests in a minute.")
        else:
            answer = view(request, *args, **kwargs)
        share.put_on(answer)
        return answer
