"""Every address of console, drivers' app and API: each area lists its own in routes/."""

from django.urls import URLPattern, URLResolver

from ohmstead.web.routes import (
    accounts,
    administration,
    charging,
    driver_account,
    driver_app,
    drivers,
    integration,
    network,
    stations,
    system,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *driver_app.patterns,
    *accounts.patterns,
    *driver_account.patterns,
    *network.patterns,
    *stations.patterns,
    *charging.patterns,
    *drivers.patterns,
    *administration.patterns,
    *integration.patterns,
    *system.patterns,
]
