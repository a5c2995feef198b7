"""Every address of console and API: each area lists its own in routes/."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from ohmstead.web.routes import accounts, administration, charging, drivers, integration, network, stations, system

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/console/")),
    *accounts.patterns,
    *network.patterns,
    *stations.patterns,
    *charging.patterns,
    *drivers.patterns,
    *administration.patterns,
    *integration.patterns,
    *system.patterns,
]
