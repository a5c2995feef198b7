"""Pages of other origins may call the API only when the deployment names them; never with the console's cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID"
_SHOWN = "ETag, Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotent-Replay"


def allowed(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    if not settings.OHMSTEAD_API_ORIGINS:
        return answer
    patch_vary_headers(answer, ["Origin"])
    origin = request.headers.get("Origin")
    if origin not in settings.OHMSTEAD_API_ORIGINS:
        return answer
    answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Access-Control-Expose-Headers"] = _SHOWN
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        answer.headers["Access-Control-Allow-Methods"] = answer.headers.get("Allow", "")
        answer.headers["Access-Control-Allow-Headers"] = _HEADERS
        answer.headers["Access-Control-Max-Age"] = "3600"
    return answer
