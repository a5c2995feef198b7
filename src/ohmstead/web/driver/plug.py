"""The page behind the code on a plug: no login, one button."""

from urllib.parse import quote
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ohmstead.charging import driver_starts
from ohmstead.charging.driver_starts import StartRefused
from ohmstead.network.models import Evse
from ohmstead.network.plug_codes import MOST_LETTERS, plugs_of_code
from ohmstead.web.driver.plugs import plug_of
from ohmstead.web.driver.prices import price_of
from ohmstead.web.driver.scope import DriverRequest, driver_view, remember_guest
from ohmstead.web.driver.words import REFUSALS, SOMETHING

SHORTEST_KEY = 8


@driver_view
def enter(request: DriverRequest) -> HttpResponse:
    """The code by hand, for who cannot scan it."""
    code = request.GET.get("code", "").replace("\0", "").strip()[:MOST_LETTERS]
    if code:
        return HttpResponseRedirect(f"/q/{quote(code, safe='')}")
    return render(request, "driver/enter.html", {"tab": "charging"})


@never_cache
@driver_view
def plug(request: DriverRequest, code: str) -> HttpResponse:
    plugs = plugs_of_code(request.driver.organisation, code)
    if not plugs:
        return render(request, "driver/enter.html", {"tab": "charging", "unknown": code[:MOST_LETTERS]}, status=404)
    if len(plugs) > 1:
        return render(request, "driver/which.html", {"tab": "charging", "plugs": [plug_of(each) for each in plugs]})
    return _page(request, plugs[0])


@require_POST
@driver_view
def start(request: DriverRequest, code: str) -> HttpResponse:
    plugs = plugs_of_code(request.driver.organisation, code)
    if len(plugs) != 1:
        return render(request, "driver/enter.html", {"tab": "charging", "unknown": code[:MOST_LETTERS]}, status=404)
    viewer = request.driver
    if not viewer.may_charge:
        return _page(request, plugs[0], refused="guests")
    key = request.POST.get("key", "")
    token = viewer.token()
    try:
        begun = driver_starts.start(
            token,
            plugs[0],
            key=key if len(key) >= SHORTEST_KEY else uuid4().hex,
            now=timezone.now(),
            by=viewer.actor,
        )
    except StartRefused as refused:
        return remember_guest(_page(request, plugs[0], refused=refused.code), token)
    return remember_guest(HttpResponseRedirect(reverse("driver-start", args=[begun.pk])), begun.token)


def _page(request: DriverRequest, evse: Evse, refused: str = "") -> HttpResponse:
    viewer = request.driver
    running = viewer.sessions().filter(station=evse.station, evse=evse.number, state="running").first()
    context = {
        "tab": "charging",
        "plug": plug_of(evse),
        "site": evse.station.site,
        "price": price_of(evse),
        "key": uuid4().hex,  # of this page: the same tap twice is one start
        "running": running,
        "refused": REFUSALS.get(refused, SOMETHING) if refused else None,
        "sign_in": not viewer.may_charge or refused in ("guests", "private_site"),
    }
    return render(request, "driver/plug.html", context, status=409 if refused else 200)
