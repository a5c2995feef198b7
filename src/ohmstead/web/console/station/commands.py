"""What can be asked of a station, and what was."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from ohmstead.network.models import Station
from ohmstead.station.commands.operations import OPERATIONS, Operation
from ohmstead.web.console.asking.offers import Offers
from ohmstead.web.console.commands import CommandFilter, rows
from ohmstead.web.console.operation_words import GROUP_ICONS, GROUPS, title
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.station.page import live_url, page
from ohmstead.web.console.words import COMMAND_LOOKS
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Offer:
    """An operation on the page: `why_not` says in words why this station, or this viewer, cannot."""

    operation: Operation
    title: str
    sentence: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Group:
    word: "_StrPromise"
    icon: str
    offers: list[Offer]


def groups(viewer: Viewer, station: Station, search: str) -> list[Group]:
    """Every operation that the search finds; those that work come first in each group."""
    able = Offers(viewer, station)
    offers = [_offer(able, operation) for operation in OPERATIONS.values()]
    wanted = [offer for offer in offers if _matches(offer, search.lower())]
    by_group = groupby(wanted, key=lambda offer: offer.operation.group)
    return [
        Group(GROUPS[name], GROUP_ICONS[name], sorted(each, key=lambda o: bool(o.why_not))) for name, each in by_group
    ]


def _offer(able: Offers, operation: Operation) -> Offer:
    return Offer(operation, title(operation), gettext(operation.sentence), able.why_not(operation))


def _matches(offer: Offer, text: str) -> bool:
    texts = (offer.title, offer.sentence, offer.operation.name, offer.operation.kind.__doc__ or "")
    return not text or any(text in each.lower() for each in texts)


@console_view()
def commands(request: ConsoleRequest, identity: str) -> HttpResponse:
    context = page(request, identity, "station-commands")
    station = context["station"]
    wanted = CommandFilter.of(request.GET)
    search = request.GET.get("find", "").strip()[:80]
    context |= {
        "wanted": wanted,
        "query": request.GET,
        "looks": COMMAND_LOOKS,
        "find": search,
        "groups": groups(request.viewer, station, search),
        "page": page_of(wanted.applied(rows(request.viewer).filter(station=station)), request.GET),
        "live_url": live_url("station-commands", station.pk, request.GET.urlencode()),
    }
    return render(request, "console/station/commands.html", context)
