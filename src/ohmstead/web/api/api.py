"""The API as a whole."""

import copy
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI

from ohmstead.web.api import (
    bulks,
    cameras,
    card_watch,
    cards,
    commands,
    configuration,
    contract_roots,
    drivers,
    events,
    files,
    imports,
    inbox,
    keys,
    messages,
    openapi,
    overview,
    people,
    photos,
    problems,
    reservations,
    searching,
    sessions,
    site_rules,
    sites,
    station_edit,
    station_log,
    stations,
    webhooks,
)
from ohmstead.web.api.docs import PlainDocs, problem_page
from ohmstead.web.api.door import guarded
from ohmstead.web.api.problems import problem


class Api(NinjaAPI):
    @cached_property
    def document(self) -> dict[str, Any]:
        return openapi.finished(super().get_openapi_schema())

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        return copy.copy(self.document)


api = Api(
    title="Ohmstead",
    version="1",
    description="Everything the console of an Ohmstead charging network can do, for programs.",
    urls_namespace="api-v1",
    docs=PlainDocs(),
)
problems.register(api)
for router in (
    overview.organisation,
    people.router,
    keys.keys,
    keys.audit,
    sites.router,
    site_rules.router,
    photos.router,
    imports.router,
    stations.router,
    station_edit.plugs,
    station_log.stations,
    inbox.router,
    commands.router,
    bulks.router,
    configuration.router,
    files.firmware,
    files.logs,
    station_log.certificates,
    contract_roots.router,
    messages.router,
    sessions.router,
    reservations.router,
    cards.router,
    drivers.router,
    card_watch.router,
    cameras.router,
    searching.router,
    overview.places,
    overview.health,
    events.router,
    webhooks.router,
):
    api.add_router("", router)


def _nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    return problem("not-found", "There is nothing at this address.")


def _patterns() -> list[URLPattern]:
    """Each address once, behind the door; then the document, its page, and a problem for whatever else."""
    views = [
        (_route(bound.prefix + address), view)
        for bound in api._get_bound_routers()
        for address, view in bound.path_operations.items()
    ]
    found = [path(route, guarded(view)) for route, view in sorted(views, key=lambda each: _openness(each[0]))]
    made: Any = api.urls[0]
    about = [each for each in made if each.name in ("openapi-json", "openapi-view", "api-root")]
    kinds = path("problems/<str:slug>", problem_page, name="problem")
    return [*found, *about, kinds, path("<path:rest>", _nothing_here)]


def _openness(route: str) -> list[int]:
    """Of two addresses that both fit, the first in this order is meant: words, then ids, then any text."""
    return [0 if "<" not in part else 1 if ":" in part else 2 for part in route.split("/")]


def _route(address: str) -> str:
    return address.lstrip("/").replace("{", "<").replace("}", ">")


urls = (_patterns(), "ninja", "api-v1")
