"""Demo mode: a person plays driver and hardware of a simulated station."""

import asyncio
from typing import Any, Final

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.bus.client import Bus, BusUnavailable
from ohmstead.drivers.models import Token, TokenStatus
from ohmstead.web.console.scope import OPERATE, ConsoleRequest, Viewer, console_view

SUBJECT: Final = "ohm.simulator.control"
VERBS: Final = ("plug", "unplug", "card", "fault", "offline", "online")
_TIMEOUT_S: Final = 5.0
_MOST_CARDS: Final = 50


class Order(msgspec.Struct, frozen=True):
    station: str
    verb: str
    args: dict[str, Any] = {}


class Outcome(msgspec.Struct, frozen=True):
    ok: bool = True
    text: str = ""


def simulator_cards(viewer: Viewer) -> list[Token]:
    tokens = Token.objects.filter(organisation=viewer.organisation, status=TokenStatus.VALID)
    return list(tokens.order_by("label", "uid")[:_MOST_CARDS])


@require_POST
@console_view(OPERATE)
def simulate(request: ConsoleRequest, identity: str) -> HttpResponse:
    if not settings.OHMSTEAD_DEMO:
        raise Http404("The simulator belongs to the demo.")
    station = request.viewer.station(identity)
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise Http404("The simulator knows no such verb.")
    try:
        outcome = asyncio.run(_ask(Order(station.identity, verb, _arguments(request, verb))))
    except BusUnavailable:
        messages.error(request, _("The simulator does not answer. Nothing has happened at the station."))
    else:
        (messages.success if outcome.ok else messages.error)(request, outcome.text or _("The simulator did it."))
    return HttpResponseRedirect(reverse("station", args=[station.identity]))


def _arguments(request: ConsoleRequest, verb: str) -> dict[str, Any]:
    evse = request.POST.get("evse", "")
    arguments: dict[str, Any] = {"evse": int(evse)} if evse.isascii() and evse.isdecimal() and len(evse) < 4 else {}
    if verb == "card":
        arguments["uid"] = request.POST.get("card", "")[:255]
    return arguments


async def _ask(order: Order) -> Outcome:
    bus = Bus("console")
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            await bus.connect(settings.OHMSTEAD_NATS_URL)
            return await bus.request(SUBJECT, order, Outcome, _TIMEOUT_S)
    except TimeoutError:
        raise BusUnavailable("NATS is away.") from None
    finally:
        await bus.close()
