"""Vehicles and preferences."""

from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.drivers import keeping
from ohmstead.drivers.catalogue import cars
from ohmstead.drivers.errors import AccountRefused
from ohmstead.drivers.keeping import CarFacts
from ohmstead.drivers.models import Favourite, Preferences, Prefers, Vehicle
from ohmstead.drivers.rules.cars import PLUGS
from ohmstead.web.driver.account.who import DriverRequest, account_view

_MIN_POWERS = (0, 11, 22, 50, 100, 150, 300)


@account_view
def vehicles(request: DriverRequest) -> HttpResponse:
    context = {"vehicles": list(request.me.vehicles()), "models": list(cars().values()), "tab": "account"}
    return render(request, "driver/account/vehicles.html", context)


@account_view
def add_vehicle(request: DriverRequest) -> HttpResponse:
    """A model of the catalogue is taken with its figures; anything else is typed in."""
    model = cars().get(request.POST.get("model", "") or request.GET.get("model", ""))
    if request.method == "POST" and model is not None and "name" not in request.POST:
        facts = CarFacts(model.name, model.key, model.battery_kwh, model.plugs, model.max_ac_kw, model.max_dc_kw)
        return _saved(request, None, facts, {})
    context: dict[str, Any] = {"vehicle": None, "plugs": list(PLUGS), "chosen": ["IEC_62196_T2"], "tab": "account"}
    if request.method == "POST":
        return _saved(request, None, None, context)
    return render(request, "driver/account/vehicle.html", context)


@account_view
def edit_vehicle(request: DriverRequest, vehicle_id: UUID) -> HttpResponse:
    vehicle = _the(request, vehicle_id)
    context = {"vehicle": vehicle, "values": vehicle, "plugs": list(PLUGS), "chosen": vehicle.plugs, "tab": "account"}
    if request.method == "POST":
        return _saved(request, vehicle, None, context)
    return render(request, "driver/account/vehicle.html", context)


@require_POST
@account_view
def make_main(request: DriverRequest, vehicle_id: UUID) -> HttpResponse:
    keeping.make_main(_the(request, vehicle_id), by=request.me.actor)
    return HttpResponseRedirect(reverse("me-vehicles"))


@require_POST
@account_view
def remove_vehicle(request: DriverRequest, vehicle_id: UUID) -> HttpResponse:
    keeping.remove_vehicle(_the(request, vehicle_id), by=request.me.actor)
    messages.success(request, _("The vehicle is removed."))
    return HttpResponseRedirect(reverse("me-vehicles"))


@account_view
def preferences(request: DriverRequest) -> HttpResponse:
    driver = request.me.driver
    found = Preferences.objects.filter(driver=driver).first() or Preferences(driver=driver)
    context: dict[str, Any] = {
        "found": found,
        "powers": _MIN_POWERS,
        "plugs": list(PLUGS),
        "favourites": list(Favourite.objects.filter(driver=driver).select_related("site").order_by("site__name")),
        "tab": "account",
    }
    if request.method != "POST":
        return render(request, "driver/account/preferences.html", context)
    try:
        _save_preferences(request)
    except (AccountRefused, ValueError) as error:
        said = _(str(error)) if isinstance(error, AccountRefused) else _("That is no time of day or no percentage.")
        return render(request, "driver/account/preferences.html", context | {"error": said}, status=422)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("me-preferences"))


def _save_preferences(request: DriverRequest) -> None:
    sent = request.POST
    power = sent.get("min_kw", "0")
    filters = {
        "plugs": [plug for plug in sent.getlist("plugs") if plug in PLUGS],
        "min_kw": int(power) if power in {str(each) for each in _MIN_POWERS} else 0,
        "free_now": sent.get("free_now") == "on",
    }
    ready_by, target = sent.get("ready_by", ""), sent.get("target_percent", "")
    prefers = sent.get("prefers", "")
    keeping.set_preferences(
        request.me.driver,
        by=request.me.actor,
        filters=filters,
        ready_by=time.fromisoformat(ready_by) if ready_by else None,
        target_percent=int(target) if target else None,
        prefers=Prefers(prefers) if prefers in Prefers.values else Prefers.NOTHING,
        barrier_free=sent.get("barrier_free") == "on",
    )


def _the(request: DriverRequest, vehicle_id: UUID) -> Vehicle:
    found = request.me.vehicles().select_related("driver").filter(pk=vehicle_id).first()
    if found is None:
        raise Http404("No such vehicle.")
    return found


def _saved(
    request: DriverRequest, vehicle: Vehicle | None, facts: CarFacts | None, context: dict[str, Any]
) -> HttpResponse:
    try:
        known = facts or _facts(request, vehicle)
        if vehicle is None:
            keeping.add_vehicle(request.me.driver, known, by=request.me.actor)
        else:
            keeping.change_vehicle(vehicle, known, by=request.me.actor)
    except (AccountRefused, InvalidOperation) as error:
        said = _(str(error)) if isinstance(error, AccountRefused) else _("Battery and power are numbers.")
        context |= {"error": said, "values": request.POST, "chosen": request.POST.getlist("plugs")}
        return render(request, "driver/account/vehicle.html", context, status=422)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("me-vehicles"))


def _facts(request: DriverRequest, vehicle: Vehicle | None) -> CarFacts:
    sent = request.POST
    return CarFacts(
        name=sent.get("name", ""),
        model_key=vehicle.model_key if vehicle else "",
        battery_kwh=_figure(sent.get("battery_kwh", "")),
        plugs=sent.getlist("plugs"),
        max_ac_kw=_figure(sent.get("max_ac_kw", "")),
        max_dc_kw=_figure(sent.get("max_dc_kw", "")),
    )


def _figure(text: str) -> Decimal | None:
    """Raises InvalidOperation; 'NaN' and the like are no figures either."""
    text = text.strip().replace(",", ".")[:12]
    if not text:
        return None
    found = Decimal(text)
    if not found.is_finite():
        raise InvalidOperation
    return found.quantize(Decimal("0.1"))
