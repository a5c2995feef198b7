"""Reservations: what is promised from now on, what became of the others, and the queues of full sites."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.charging.models import OPEN_RESERVATIONS, OPEN_WAITS, Reservation, Wait
from ohmstead.charging.reservations import cancel_reservation
from ohmstead.web.console.paging import page_of
from ohmstead.web.scope import ConsoleRequest, console_view

_MOST: Final = 200


@console_view(Right.DRIVERS)
def reservations(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    mine = Reservation.objects.filter(organisation=viewer.organisation)
    mine = mine.select_related("evse__station", "site", "driver", "token")
    waits = Wait.objects.filter(organisation=viewer.organisation, state__in=OPEN_WAITS)
    context = {
        "here": "reservations",
        "coming": list(mine.filter(state__in=OPEN_RESERVATIONS).order_by("during", "pk")[:_MOST]),
        "page": page_of(mine.exclude(state__in=OPEN_RESERVATIONS).order_by("-created_at", "-pk"), request.GET),
        "query": request.GET,
        "waits": list(waits.select_related("site", "driver").order_by("site__name", "place_at")[:_MOST]),
    }
    return render(request, "console/reservations.html", context)


@require_POST
@console_view(Right.DRIVERS)
def cancel(request: ConsoleRequest, reservation_id: UUID) -> HttpResponse:
    viewer = request.viewer
    found = Reservation.objects.filter(organisation=viewer.organisation, pk=reservation_id).first()
    if found is None:
        raise Http404("No such reservation.")
    cancel_reservation(found, now=timezone.now(), by=viewer.actor, reason="Cancelled by the operator.")
    messages.success(request, _("The reservation is cancelled, and the plug is free."))
    return HttpResponseRedirect(reverse("reservations"))
