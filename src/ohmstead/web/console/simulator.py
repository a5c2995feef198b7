"""Demo mode: a person plays driver and hardware of a simulated station."""

import asyncio
import secrets
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.bus.client import Bus, BusUnavailable
from ohmstead.drivers.models import Token, TokenStatus
from ohmstead.network import actions
from ohmstead.simulator.control import VERBS, Argument, ControlRefused, ControlReply, send
from ohmstead.station.tokens import TokenKind
from ohmstead.web.demo import SLUG, VISITOR
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

OFFERED: Final = ("plug", "unplug", "card", "fault", "repair", "offline", "online", "reboot")
_TIMEOUT_S: Final = 5.0
_MOST_CARDS: Final = 50


def is_simulated(viewer: Viewer) -> bool:
    """The simulator knows stations by identity alone, so only the demo's own people may play with it."""
    return settings.OHMSTEAD_DEMO and viewer.organisation.slug == SLUG


def simulator_cards(viewer: Viewer) -> list[Token]:
    """Cards to present, those that nobody else carries first."""
    tokens = Token.objects.filter(organisation=viewer.organisation, status=TokenStatus.VALID, kind=TokenKind.RFID)
    visitors_first = Case(When(label__startswith=VISITOR, then=0), default=1)
    return list(tokens.order_by(visitors_first, "label", "uid")[:_MOST_CARDS])


@require_POST
@console_view(Right.OPERATE)
def simulate(request: ConsoleRequest, identity: str) -> HttpResponse:
    if not is_simulated(request.viewer):
        raise Http404("The simulator belongs to the demo.")
    station = request.viewer.station(identity)
    verb = request.POST.get("verb", "")
    if verb not in OFFERED:
        raise Http404("The simulator knows no such verb.")
    try:
        outcome = asyncio.run(_ask(station.identity, verb, _arguments(request, verb)))
    except ControlRefused as refusal:
        messages.error(request, str(refusal))
    except BusUnavailable:
        messages.error(request, _("The simulator does not answer. Nothing has happened at the station."))
    else:
        if outcome.done:
            messages.success(request, _("Done at %(station)s. What follows shows below.") % {"station": station})
        else:
            messages.error(request, outcome.sentence)
    return HttpResponseRedirect(reverse("station", args=[station.identity]))


def _arguments(request: ConsoleRequest, verb: str) -> dict[str, Argument]:
    evse = request.POST.get("evse", "")
    arguments: dict[str, Argument] = {}
    if "evse" in VERBS[verb].takes and evse.isascii() and evse.isdecimal() and len(evse) < 4:
        arguments["evse"] = int(evse)
    if verb == "card":
        arguments["card"] = request.POST.get("card", "")[:255]
    return arguments


async def _ask(identity: str, verb: str, arguments: dict[str, Argument]) -> ControlReply:
    bus = Bus("console")
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            await bus.connect(settings.OHMSTEAD_NATS_URL)
            return await send(bus, identity, verb, arguments)
    except TimeoutError:
        raise BusUnavailable("NATS is away.") from None
    finally:
        await bus.close()


@require_POST
@console_view(Right.NETWORK)
def put_up(request: ConsoleRequest) -> HttpResponse:
    """One simulated station for whoever wants to see one at work before the first real one comes."""
    if not settings.OHMSTEAD_DEMO:
        raise Http404("The simulator belongs to the demo.")
    viewer = request.viewer
    identity = f"SIM-{secrets.token_hex(3).upper()}"
    try:
        asyncio.run(_ask(identity, "list", {}))  # nothing is added to the network unless a simulator is there
        actions.create_station(viewer.organisation, identity, by=viewer.actor, name=_("Simulated station"))
        outcome = asyncio.run(_ask(identity, "add", {"organisation": viewer.organisation.slug}))
    except (ControlRefused, BusUnavailable):
        messages.error(request, _("The simulator does not answer. Nothing has happened at the station."))
        return HttpResponseRedirect(reverse("overview"))
    if not outcome.done:
        messages.error(request, outcome.sentence)
    return HttpResponseRedirect(reverse("commission", args=[identity]))
