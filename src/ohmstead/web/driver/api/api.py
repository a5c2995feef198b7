"""The drivers' API as a whole."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI

from ohmstead.web.api import problems
from ohmstead.web.api.problems import problem
from ohmstead.web.driver.api import finding, me, starting
from ohmstead.web.driver.api.door import guarded
from ohmstead.web.driver.api.stream import stream

api = NinjaAPI(
    title="Ohmstead for drivers",
    version="1",
    description="Find a plug, start, follow, stop: what the app in the browser uses, for any other app.",
    urls_namespace="driver-api-v1",
    docs_url=None,
)
problems.register(api)
for router in (me.router, finding.router, starting.router):
    api.add_router("", router)


def _nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    return problem("not-found", "There is nothing at this address.")


def _patterns() -> list[URLPattern]:
    found = [
        path((bound.prefix + address).lstrip("/").replace("{", "<").replace("}", ">"), guarded(view))
        for bound in api._get_bound_routers()
        for address, view in bound.path_operations.items()
    ]
    made: Any = api.urls[0]
    about = [each for each in made if getattr(each, "name", "") in ("openapi-json", "api-root")]
    streams = [
        path("starts/<uuid:start_id>/stream", stream, name="start-stream"),
        path("sessions/<uuid:session_id>/stream", stream, name="session-stream"),
    ]
    return [*found, *streams, *about, path("<path:rest>", _nothing_here)]


urls = (_patterns(), "ninja", "driver-api-v1")
