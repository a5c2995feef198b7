"""Cards and everything else drivers present: found, added, blocked with a reason, and cards nobody knows yet."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.models import AuditEntry
from ohmstead.access.rights import Right
from ohmstead.charging.queries import refusals_of_token
from ohmstead.drivers import actions, alarms, cards, queries
from ohmstead.drivers.errors import DriversError
from ohmstead.drivers.models import Driver, Group, Token, TokenStatus
from ohmstead.station.tokens import TokenKind
from ohmstead.web.console.entries import Entries
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.console.token_words import KIND_WORDS
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

FIELDS: Final = ("uid", "kind", "label", "printed_number", "plate", "parent_uid")
_KINDS: Final = (TokenKind.RFID, TokenKind.MAC_ADDRESS, TokenKind.EMAID, TokenKind.KEYCODE, TokenKind.PLATE)
_SHOWN: Final = 20


def the_token(viewer: Viewer, token_id: UUID) -> Token:
    found = queries.search_tokens(viewer.organisation).filter(pk=token_id).first()
    if found is None:
        raise Http404("No such token.")
    return found


@console_view(Right.DRIVERS)
def tokens(request: ConsoleRequest) -> HttpResponse:
    viewer, search = request.viewer, request.GET.get("q", "").strip()[:80]
    status = request.GET.get("status", "")
    found = queries.search_tokens(viewer.organisation, search)
    if status in TokenStatus.values:
        found = found.filter(status=status)
    unknown = list(queries.unknown_cards(viewer.organisation, timezone.now())[:_SHOWN])
    context = {
        "here": "tokens",
        "search": search,
        "status": status,
        "statuses": TokenStatus.values,
        "query": request.GET,
        "page": page_of(found, request.GET),
        "unknown": unknown,
        "alarms": list(queries.open_alarms(viewer.organisation)[:_SHOWN]),
    }
    return render(request, "console/tokens.html", context)


@console_view(Right.DRIVERS)
def token(request: ConsoleRequest, token_id: UUID) -> HttpResponse:
    viewer = request.viewer
    shown = the_token(viewer, token_id)
    audit = AuditEntry.objects.filter(
        Q(thing_id=str(shown.pk)), organisation=viewer.organisation, thing_kind="drivers.token"
    )
    context = {
        "here": "tokens",
        "token": shown,
        "sightings": list(queries.sightings_of(shown)[:_SHOWN]),
        "refusals": list(refusals_of_token(shown)[:_SHOWN]),
        "sessions": list(
            viewer.sessions().filter(token=shown).select_related("station__site").order_by("-started_at")[:_SHOWN]
        ),
        "history": list(audit.order_by("-at")[:_SHOWN]),
        **_owners(viewer),
    }
    return render(request, "console/token.html", context)


@console_view(Right.DRIVERS)
def add(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    if request.method != "POST":
        entries = Entries(dict.fromkeys(FIELDS, "") | {"kind": TokenKind.RFID, "uid": request.GET.get("uid", "")[:255]})
        return _form(request, entries, request.GET.get("driver", ""))
    entries = Entries.posted(request, FIELDS)
    values: dict[str, Any] = dict(entries.values)
    if values["kind"] not in _KINDS:
        values["kind"] = TokenKind.RFID
    try:
        made = actions.create_token(
            viewer.organisation,
            values.pop("uid"),
            by=viewer.actor,
            kind=TokenKind(values.pop("kind")),
            **_chosen(request),
            **values,
        )
    except DriversError as refused:
        entries.errors["uid"] = _(str(refused))
        return _form(request, entries, request.POST.get("driver", ""), status=422)
    messages.success(request, _("%(token)s is saved.") % {"token": made})
    return HttpResponseRedirect(reverse("token", args=[made.pk]))


@require_POST
@console_view(Right.DRIVERS)
def block(request: ConsoleRequest, token_id: UUID) -> HttpResponse:
    shown = the_token(request.viewer, token_id)
    reason = request.POST.get("reason", "").replace("\0", "").strip()
    if not reason:
        messages.error(request, _("Say why: the reason is shown to whoever is asked about this card."))
    else:
        actions.block_token(shown, by=request.viewer.actor, reason=reason[:200])
        messages.success(request, _("%(token)s is blocked. A running session goes on.") % {"token": shown})
    return HttpResponseRedirect(reverse("token", args=[shown.pk]))


@require_POST
@console_view(Right.DRIVERS)
def unblock(request: ConsoleRequest, token_id: UUID) -> HttpResponse:
    shown = the_token(request.viewer, token_id)
    actions.unblock_token(shown, by=request.viewer.actor, reason="")
    messages.success(request, _("%(token)s may charge again.") % {"token": shown})
    return HttpResponseRedirect(reverse("token", args=[shown.pk]))


@require_POST
@console_view(Right.DRIVERS)
def give(request: ConsoleRequest, token_id: UUID) -> HttpResponse:
    shown = the_token(request.viewer, token_id)
    label = request.POST.get("label", "").replace("\0", "")
    actions.give_token(shown, by=request.viewer.actor, label=label, **_chosen(request))
    messages.success(request, _("%(token)s is saved.") % {"token": shown})
    return HttpResponseRedirect(reverse("token", args=[shown.pk]))


@require_POST
@console_view(Right.DRIVERS)
def adopt(request: ConsoleRequest, sighting_id: UUID) -> HttpResponse:
    """One click; whose card it is can be said on its page."""
    viewer = request.viewer
    sighting = queries.unknown_cards(viewer.organisation, timezone.now()).filter(pk=sighting_id).first()
    if sighting is None:
        raise Http404("No such card.")
    try:
        made = cards.adopt(sighting, by=viewer.actor)
    except DriversError as refused:
        messages.error(request, _(str(refused)))
        return HttpResponseRedirect(reverse("tokens"))
    messages.success(request, _("The card %(token)s is yours now and may charge. Whose is it?") % {"token": made})
    return HttpResponseRedirect(reverse("token", args=[made.pk]))


@require_POST
@console_view(Right.DRIVERS)
def settle(request: ConsoleRequest, alarm_id: UUID) -> HttpResponse:
    alarm = queries.open_alarms(request.viewer.organisation).filter(pk=alarm_id).first()
    if alarm is None:
        raise Http404("No such alarm.")
    alarms.settle_alarm(alarm, by=request.viewer.actor)
    return HttpResponseRedirect(reverse("tokens"))


def _chosen(request: ConsoleRequest) -> dict[str, Any]:
    """The driver and the group of the form; what is not of this organisation is nobody."""
    organisation = request.viewer.organisation
    driver_id, group_id = uuid_of(request.POST.get("driver", "")), uuid_of(request.POST.get("group", ""))
    return {
        "driver": Driver.objects.filter(organisation=organisation, pk=driver_id).first() if driver_id else None,
        "group": Group.objects.filter(organisation=organisation, pk=group_id).first() if group_id else None,
    }


def _owners(viewer: Viewer) -> dict[str, Any]:
    return {
        "drivers": list(queries.search_drivers(viewer.organisation)[:1000]),
        "groups": list(queries.groups(viewer.organisation)),
    }


def _form(request: ConsoleRequest, entries: Entries, driver: str, status: int = 200) -> HttpResponse:
    kinds = [(kind.value, KIND_WORDS[kind]) for kind in _KINDS]
    context = {"here": "tokens", "form": entries, "kinds": kinds, "driver_id": driver, **_owners(request.viewer)}
    return render(request, "console/token_form.html", context, status=status)
