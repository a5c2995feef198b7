"""One search over everything a viewer may see: each kind of thing is asked once, the best of each are shown."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ohmstead.access.models import Membership
from ohmstead.access.rights import Right
from ohmstead.drivers.queries import search_tokens
from ohmstead.network.queries import called
from ohmstead.station.tokens import canonical_uid
from ohmstead.web.console.station_states import in_service, with_shown_state
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.console.words import CLOSED, OPEN, Look, command_look, plug_look, session_look
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_EACH: Final = 6
LEAST: Final = 2  # letters; one alone finds everything and says nothing


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    icon: str
    title: str
    detail: str
    url: str
    look: Look | None = None


@console_view()
def search(request: ConsoleRequest) -> HttpResponse:
    """As a page, or as its results alone for the dialog."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    context = {"here": "search", "text": text, "least": LEAST, "hits": found(request.viewer, text)}
    template = "console/search.html#results" if request.GET.get("only") == "results" else "console/search.html"
    return render(request, template, context)


def found(viewer: Viewer, text: str) -> list[Hit]:
    """Stations and sites first: they are looked for most."""
    if len(text) < LEAST:
        return []
    makers = (_stations, _sites, _sessions, _cards, _members, _commands)
    return [hit for make in makers for hit in make(viewer, text)]


def _ranked(rows: QuerySet[Any], text: str, *names: str) -> QuerySet[Any]:
    """What is called just so, then what begins so, then the rest."""
    just_so, begins = Q(), Q()
    for name in names:
        just_so |= Q(**{f"{name}__iexact": text})
        begins |= Q(**{f"{name}__istartswith": text})
    order = Case(
        When(just_so, then=Value(0)), When(begins, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    return rows.order_by(order, names[0])[:_EACH]


def _stations(viewer: Viewer, text: str) -> list[Hit]:
    mine = with_shown_state(in_service(viewer.stations())).select_related("site").filter(called(text))
    return [
        Hit(
            _("Station"), "charging-pile", str(station),
            " · ".join(filter(None, [station.name and station.identity, station.site.name if station.site else ""])),
            reverse("station", args=[station.identity]), plug_look(station.shown),
        )
        for station in _ranked(mine, text, "identity", "name")
    ]  # fmt: skip


def _sites(viewer: Viewer, text: str) -> list[Hit]:
    now = timezone.now()
    named = Q(name__icontains=text) | Q(city__icontains=text) | Q(address__icontains=text)
    return [
        Hit(
            _("Site"), "map-pin", site.name, ", ".join(filter(None, [site.address, site.city])),
            reverse("site", args=[site.pk]), OPEN if site.is_open(now) else CLOSED,
        )
        for site in _ranked(viewer.sites().filter(named), text, "name", "city")
    ]  # fmt: skip


def _sessions(viewer: Viewer, text: str) -> list[Hit]:
    """By what names one exactly: its id, the station's number for it, or the card."""
    named = Q(transaction_id=text) | Q(token=None, token_uid=canonical_uid(text))
    if key := uuid_of(text):
        named |= Q(pk=key)
    rows = viewer.sessions().filter(named).select_related("station", "token").defer("facts").order_by("-started_at")
    return [
        Hit(
            _("Session"), "bolt", f"{session.station} · {session.transaction_id}",
            str(session.token or session.token_uid), reverse("session", args=[session.pk]), session_look(session.state),
        )
        for session in rows[:_EACH]
    ]  # fmt: skip


def _cards(viewer: Viewer, text: str) -> list[Hit]:
    rows = search_tokens(viewer.organisation, text).order_by("label", "uid")[:_EACH]
    return [
        Hit(
            _("Card"), "credit-card", token.label or token.uid, token.uid if token.label else "",
            f"{reverse('sessions')}?{urlencode({'q': token.uid})}",
        )
        for token in rows
    ]  # fmt: skip


def _members(viewer: Viewer, text: str) -> list[Hit]:
    if not viewer.has(Right.PEOPLE):
        return []
    named = Q(user__name__icontains=text) | Q(user__email__icontains=text)
    rows = Membership.objects.filter(named, organisation=viewer.organisation).select_related("user")
    return [
        Hit(_("Member"), "user", str(member.user), member.user.email, reverse("members"))
        for member in rows.order_by("user__email")[:_EACH]
    ]


def _commands(viewer: Viewer, text: str) -> list[Hit]:
    key = uuid_of(text)
    rows = viewer.commands().filter(pk=key).select_related("station") if key else ()
    return [
        Hit(
            _("Command"), "terminal-2", command.kind, str(command.station), reverse("command", args=[command.pk]),
            command_look(command.state),
        )
        for command in rows
    ]  # fmt: skip
