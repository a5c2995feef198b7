"""The API as a whole."""

from ninja import NinjaAPI

from ohmstead.web.api import problems, sessions, stations
from ohmstead.web.api.access import SignedIn
from ohmstead.web.api.docs import PlainDocs

api = NinjaAPI(
    title="Ohmstead",
    version="1",
    description="Read stations, sessions and meter readings of your organisation.",
    urls_namespace="api-v1",
    docs=PlainDocs(),
    auth=SignedIn(),
)
problems.register(api)
api.add_router("/stations", stations.router)
api.add_router("/sessions", sessions.router)
