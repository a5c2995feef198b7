"""Every address of console and API."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from ohmstead.web.console import overview, preferences, station, stations
from ohmstead.web.console.sign_in import SignIn

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/console/")),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
    path("console/", overview.overview, name="overview"),
    path("console/stations", stations.stations, name="stations"),
    path("console/stations/<str:identity>", station.station, name="station"),
    path("console/stations/<str:identity>/simulate", overview.overview, name="simulate"),
    path("console/sessions", overview.overview, name="sessions"),
    path("console/sessions/<uuid:session_id>", overview.overview, name="session"),
    path("console/inbox", overview.overview, name="inbox"),
    path("console/health", overview.overview, name="health"),
    path("console/theme", preferences.set_theme, name="set-theme"),
    path("console/language", preferences.set_language, name="set-language"),
]
