"""What the pages of a large operator cost the server: asked in this process, through every middleware and template.

Runs as a child of the bench with the seeded database; prints one JSON list.
"""

import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bench.large_network import session_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase

    type Ask = Callable[[str], HttpResponseBase]

_WARM = 3


@dataclass(frozen=True, slots=True)
class Cost:
    key: str
    title: str
    address: str
    p50_ms: float
    p95_ms: float
    queries: int


def addresses() -> dict[str, tuple[str, str]]:
    """Key -> what it is called and where it is."""
    from ohmstead.access.models import Organisation
    from ohmstead.charging.models import Session
    from ohmstead.network.models import Site, Station
    from ohmstead.web.api.cursors import to_cursor
    from ohmstead.web.console import paging

    organisation = Organisation.objects.get(slug="bench")
    site = Site.objects.filter(organisation=organisation).order_by("name")[7]
    sessions = Session.objects.filter(organisation=organisation).order_by("-started_at", "-pk")
    middle = sessions[sessions.count() // 2]
    stations = (
        Station.objects.filter(organisation=organisation).select_related("site").order_by("site__name", "identity")
    )
    deep_station = stations[stations.count() // 2]
    far_sessions = paging.place_of(middle, ["-started_at", "-pk"], 1)
    far_stations = paging.place_of(deep_station, ["site__name", "identity"], 1)
    return {
        "overview": ("overview", "/console/"),
        "stations": ("stations, first page", "/console/stations"),
        "stations_state": ("stations, faulted", "/console/stations?state=faulted"),
        "stations_search": ("stations, search", "/console/stations?q=B0123"),
        "stations_far": ("stations, page in the middle", f"/console/stations?after={far_stations}"),
        "map": ("map data, every station", "/console/map/data.json"),
        "sessions": ("sessions, first page", "/console/sessions"),
        "sessions_running": ("sessions, running", "/console/sessions?state=running"),
        "sessions_lost": ("sessions, lost", "/console/sessions?state=lost"),
        "sessions_site": ("sessions of a site", f"/console/sessions?site={site.pk}"),
        "sessions_card": ("sessions, search for a card", "/console/sessions?q=CARD01234"),
        "sessions_nothing": ("sessions, search that finds nothing", "/console/sessions?q=nowhere"),
        "sessions_far": ("sessions, page in the middle", f"/console/sessions?after={far_sessions}"),
        "search": ("search over everything", "/console/search?q=B0123"),
        "search_card": ("search for a card", "/console/search?q=CARD01234"),
        "tokens": ("cards, first page", "/console/tokens"),
        "tokens_search": ("cards, search", "/console/tokens?q=CARD0123"),
        "drivers": ("drivers, first page", "/console/drivers"),
        "commands": ("commands, first page", "/console/commands"),
        "api_stations": ("API, 50 stations", "/api/v1/stations"),
        "api_sessions": ("API, 50 sessions", "/api/v1/sessions"),
        "api_sessions_far": (
            "API, 50 sessions in the middle",
            f"/api/v1/sessions?cursor={to_cursor(middle.started_at, middle.pk)}",
        ),
    }


def costs(repeats: int) -> list[Cost]:
    ask = _asker()
    return [_cost(ask, key, title, address, repeats) for key, (title, address) in addresses().items()]


def _asker() -> "Ask":
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    handler = WSGIHandler()
    requests = RequestFactory(headers={"host": "localhost"})

    def ask(address: str) -> "HttpResponseBase":
        request = requests.get(address)
        request.COOKIES[settings.SESSION_COOKIE_NAME] = session_key(0)
        response = handler.get_response(request)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response

    return ask


def _cost(ask: "Ask", key: str, title: str, address: str, repeats: int) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(_WARM):
        ask(address)
    with CaptureQueriesContext(connection) as seen:
        ask(address)
    took_ms = []
    for _ in range(repeats):
        begin = time.perf_counter()
        ask(address)
        took_ms.append((time.perf_counter() - begin) * 1e3)
    return Cost(key, title, address, statistics.median(took_ms), percentile(took_ms, 95), len(seen))


def percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


if __name__ == "__main__":
    from ohmstead.run.prepare import set_up_django

    set_up_django()
    print(json.dumps([asdict(cost) for cost in costs(int(sys.argv[1]))]))
