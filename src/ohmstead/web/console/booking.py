"""A plug reserved for a driver who called: the operator acts, the reservation is the driver's."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ohmstead.access.rights import Right
from ohmstead.charging.reservations import reserve_any
from ohmstead.charging.rules.reservations import ReservationRefused
from ohmstead.drivers.models import TokenStatus
from ohmstead.web.console.drivers import the_driver
from ohmstead.web.console.entries import Entries, in_words
from ohmstead.web.console.moments import local_moment
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.scope import ConsoleRequest, console_view

FIELDS: Final = ("site", "token", "any_of", "starts_at", "minutes")
_LASTS: Final = (15, 30, 45, 60, 90, 120, 180, 240)


@console_view(Right.DRIVERS)
def book(request: ConsoleRequest, driver_id: UUID) -> HttpResponse:
    viewer = request.viewer
    driver = the_driver(viewer, driver_id)
    sites = list(viewer.sites().order_by("name"))
    tokens = list(driver.tokens.filter(status=TokenStatus.VALID).order_by("-created_at"))
    entries, status = Entries({"any_of": "any", "minutes": "30"}), 200
    if request.method == "POST":
        entries = Entries.posted(request, FIELDS)
        site = next((each for each in sites if each.pk == uuid_of(entries.values["site"])), None)
        token = next((each for each in tokens if each.pk == uuid_of(entries.values["token"])), None)
        now = timezone.now()
        text = entries.values["starts_at"]
        starts_at = local_moment(text, site.time_zone) if text and site is not None else now
        minutes = entries.values["minutes"]
        if site is None or token is None or starts_at is None or not (minutes.isascii() and minutes.isdigit()):
            entries.errors["site"] = _("Choose a site, a card that may charge, when and how long.")
        else:
            ends_at = starts_at + timedelta(minutes=min(int(minutes[:6]), 100_000))
            try:
                made = reserve_any(site, entries.values["any_of"], token, starts_at, ends_at, now=now, by=viewer.actor)
            except ReservationRefused as refused:
                entries.errors["site"] = in_words(refused.problem)
            else:
                said = _("%(plug)s is reserved for %(driver)s.") % {"plug": made.evse, "driver": driver}
                messages.success(request, said)
                return HttpResponseRedirect(reverse("driver", args=[driver.pk]))
        status = 422
    context: dict[str, Any] = {
        "here": "drivers", "driver": driver, "sites": sites, "tokens": tokens, "form": entries, "lasts": _LASTS,
    }  # fmt: skip
    return render(request, "console/booking.html", context, status=status)
