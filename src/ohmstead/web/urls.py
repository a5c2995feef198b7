"""Every address of console and API."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from ohmstead.web.api.api import api
from ohmstead.web.console import health, inbox, overview, preferences, session, sessions, simulator, station, stations
from ohmstead.web.console.sign_in import SignIn
from ohmstead.web.live.stream import stream

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/console/")),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
    path("console/", overview.overview, name="overview"),
    path("console/stations", stations.stations, name="stations"),
    path("console/stations/<str:identity>", station.station, name="station"),
    path("console/stations/<str:identity>/simulate", simulator.simulate, name="simulate"),
    path("console/sessions", sessions.sessions, name="sessions"),
    path("console/sessions/<uuid:session_id>", session.session, name="session"),
    path("console/inbox", inbox.inbox, name="inbox"),
    path("console/inbox/<str:identity>/accept", inbox.accept, name="accept"),
    path("console/inbox/<str:identity>/refuse", inbox.refuse, name="refuse"),
    path("console/health", health.health, name="health"),
    path("console/live/<str:page>", stream, name="live"),
    path("console/live/<str:page>/<str:key>", stream),
    path("api/v1/", api.urls),
    path("api/docs", RedirectView.as_view(url="/api/v1/docs")),
    path("console/theme", preferences.set_theme, name="set-theme"),
    path("console/language", preferences.set_language, name="set-language"),
]
