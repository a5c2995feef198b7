"""Health of the installation, live streams, and the API."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from ohmstead.web.api import api
from ohmstead.web.console import health
from ohmstead.web.live.stream import stream

patterns: list[URLPattern | URLResolver] = [
    path("console/health", health.health, name="health"),
    path("console/live/<str:page>", stream, name="live"),
    path("console/live/<str:page>/<str:key>", stream),
    path("api/v1/", api.urls),
    path("api/docs", RedirectView.as_view(url="/api/v1/docs"), name="api-docs"),
]
