"""Start a session from our side: a plug, a card, and then every stage until the car charges."""

from typing import Any, Final

from django.db.models import Case, Q, When
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ohmstead.access.rights import Right
from ohmstead.drivers.models import Token, TokenStatus
from ohmstead.network.command_actions import ask_station
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import Command, Station
from ohmstead.station.commands import StartSession, new_request_id
from ohmstead.station.commands.operations import OPERATIONS
from ohmstead.station.tokens import PresentedToken, TokenKind, canonical_uid
from ohmstead.web.console.asking.offers import why_not
from ohmstead.web.console.asking.views import WAIT_WORDS, WAITS
from ohmstead.web.console.station.now import plugs
from ohmstead.web.console.station.page import head
from ohmstead.web.console.stations import NOBODY, uuid_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_MOST_CARDS: Final = 12


@console_view(Right.OPERATE)
def start(request: ConsoleRequest, identity: str) -> HttpResponse:
    """GET finds a card; POST starts with the chosen one, or says what is missing."""
    viewer = request.viewer
    context = head(viewer, viewer.station(identity).pk)
    station: Station = context["station"]
    error = why_not(viewer, station, OPERATIONS["start_session"])
    if request.method == "POST" and not error:
        answer, error = _started(viewer, station, request.POST)
        if answer is not None:
            return HttpResponseRedirect(reverse("command", args=[answer.pk]))
    asked = request.POST if request.method == "POST" else request.GET
    search = asked.get("q", "").replace("\0", "").strip()[:80]
    context |= plugs(viewer, station) | {"here": "stations", "error": error, "q": search, "evse": asked.get("evse", "")}
    context |= {"cards": cards(viewer, search), "waits": WAIT_WORDS, "wait": asked.get("wait", "")}
    return render(request, "console/ask/start.html", context, status=422 if error and request.POST else 200)


def cards(viewer: Viewer, search: str) -> list[Token]:
    """Valid ones, those with a name first."""
    found = Token.objects.filter(organisation=viewer.organisation, status=TokenStatus.VALID)
    if search:
        found = found.filter(Q(label__icontains=search) | Q(canonical_uid__startswith=canonical_uid(search)))
    return list(found.order_by(Case(When(label="", then=1), default=0), "label", "uid")[:_MOST_CARDS])


def _started(viewer: Viewer, station: Station, typed: QueryDict) -> tuple[Command | None, str]:
    mine = Token.objects.filter(organisation=viewer.organisation)
    token = mine.filter(pk=uuid_of(typed.get("card", "")) or NOBODY).first()
    if token is None:
        return None, _("Choose a card first.")
    try:
        wish, wait = _command(token, typed.get("evse", "")), WAITS.get(typed.get("wait", ""))
        return ask_station(station, wish, by=viewer.actor, wait_until_online=wait), ""
    except NetworkError as error:
        return None, str(error)


def _command(token: Token, evse: str) -> StartSession:
    number: Any = int(evse) if evse.isascii() and evse.isdecimal() and len(evse) < 4 else None
    presented = PresentedToken(uid=token.uid, kind=TokenKind(token.kind), group_uid=token.parent_uid or None)
    return StartSession(token=presented, evse=number, remote_start_id=new_request_id())
