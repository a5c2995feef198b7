"""What every request of the API goes through: size, who asks, how often, once only, and of which version."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from ninja.operation import PathView

from ohmstead.access.row_security import bound
from ohmstead.web.api import cross_origin, idempotency, rates, versions
from ohmstead.web.api.access import identify
from ohmstead.web.api.problems import Refused, problem

MOST_BYTES: Final = 1_000_000

type View = Callable[..., HttpResponse]


def guarded(path: PathView) -> View:
    """The view of one address."""
    view: View = path.get_view()
    settable = _settable(path)
    sizes = {method: _most_bytes(each) for each in path.operations for method in each.methods}

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        method = request.method or ""
        try:
            if method == "OPTIONS":
                answer = _options(view, request, args, kwargs)
            else:
                _bounded(request, sizes.get(method, MOST_BYTES))
                request.viewer = identify(request)  # type: ignore[attr-defined]
                answer = _shared(request, lambda: _answer(view, request, args, kwargs, settable))
        except Refused as refused:
            answer = refused.answer()
        return cross_origin.allowed(request, answer)

    door.csrf_exempt = True  # type: ignore[attr-defined]
    return door


def _settable(path: PathView) -> frozenset[str]:
    """The fields that a PATCH of this address takes."""
    names: set[str] = set()
    for operation in path.operations:
        if "PATCH" in operation.methods:
            for model in operation.models:
                if model.__ninja_param_source__ == "body":
                    for field in model.model_fields.values():
                        names |= set(getattr(field.annotation, "model_fields", ()))
    return frozenset(names)


def _most_bytes(operation: Any) -> int:
    return int((operation.openapi_extra or {}).get("x-most-bytes", MOST_BYTES))


def _bounded(request: HttpRequest, most: int) -> None:
    """A body that does not say its length is read up to the bound and no further."""
    refusal = Refused("too-large", f"The body may have {most} bytes at most.")
    said = request.META.get("CONTENT_LENGTH") or ""
    if said.isdecimal():
        if int(said) > most:
            raise refusal
    elif "Transfer-Encoding" in request.headers:
        body = request.read(most + 1)
        if len(body) > most:
            raise refusal
        request._body = body


def _shared(request: Any, answer: Callable[[], HttpResponse]) -> HttpResponse:
    if request.viewer is None:
        return answer()
    with bound(request.viewer.organisation.pk):
        return _of_viewer(request, answer)


def _of_viewer(request: Any, answer: Callable[[], HttpResponse]) -> HttpResponse:
    share = rates.take(request.viewer.asker_id)
    if share.exceeded:
        given = problem("too-many-requests", f"That was more than {share.limit} requests in a minute.")
    else:
        try:
            given = idempotency.once(request, request.viewer, answer)
        except Refused as refused:
            given = refused.answer()
    share.put_on(given)
    return given


def _answer(view: View, request: Any, args: Any, kwargs: Any, settable: frozenset[str]) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return versions.tagged(request, _as_get(view, request, args, kwargs), settable)
    with versions.unchanged(request, lambda: _as_get(view, request, args, kwargs), settable):
        answer = view(request, *args, **kwargs)
    if isinstance(answer, HttpResponseNotAllowed):
        return _not_allowed(answer)
    if answer.status_code < 300 and (made_at := getattr(request, "made_at", "")):
        answer.headers["Location"] = made_at
    return answer


def _as_get(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
    method, request.method = request.method, "GET"
    try:
        answer = view(request, *args, **kwargs)
    finally:
        request.method = method
    return _not_allowed(answer) if isinstance(answer, HttpResponseNotAllowed) else answer


def _not_allowed(answer: HttpResponse) -> HttpResponse:
    told = problem("method-not-allowed", "The header Allow names what this address takes.")
    told.headers["Allow"] = _allow(answer)
    return told


def _options(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
    answer = HttpResponse(status=204, headers={"Allow": _allow(view(request, *args, **kwargs))})
    del answer.headers["Content-Type"]
    return answer


def _allow(answer: HttpResponse) -> str:
    methods = {each.strip() for each in answer.headers.get("Allow", "").split(",")}
    return ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
