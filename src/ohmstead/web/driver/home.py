"""The first page: where a free plug is."""

from django.http import HttpResponse
from django.shortcuts import render

from ohmstead.web.driver import sites
from ohmstead.web.driver.scope import DriverRequest, driver_view

LISTED = 50


@driver_view
def home(request: DriverRequest) -> HttpResponse:
    found = list(request.driver.sites().filter(stations__admission="accepted").distinct().order_by("name")[:LISTED])
    return render(request, "driver/home.html", {"tab": "map", "cards": sites.cards(found)})
