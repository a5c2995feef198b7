"""Everything that starts a charge for a driver: cards, cars known by their address, plates, contracts."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.charging import plates
from ohmstead.drivers import actions, autocharge, keeping
from ohmstead.drivers.cards import activate_card
from ohmstead.drivers.errors import DriversError
from ohmstead.drivers.models import ConsentKind, Sighting, Token, TokenStatus
from ohmstead.drivers.queries import consents_now
from ohmstead.drivers.rules.identities import contract_id_with_digit
from ohmstead.network.models import Evse
from ohmstead.station.tokens import TokenKind
from ohmstead.web.accounts import lockout
from ohmstead.web.driver.account.who import DriverRequest, Self, account_view

_LEARNED_WITHIN: Final = timedelta(minutes=30)
_CARDS: Final = (TokenKind.RFID, TokenKind.KEYCODE)


@account_view
def cards(request: DriverRequest) -> HttpResponse:
    mine = request.me
    held = list(mine.tokens().order_by("created_at"))
    agreed = consents_now(mine.driver)
    context: dict[str, Any] = {
        "cards": [each for each in held if each.kind in _CARDS],
        "cars": [each for each in held if each.kind == TokenKind.MAC_ADDRESS],
        "plates": [each for each in held if each.kind == TokenKind.PLATE],
        "contracts": [
            (each, contract_id_with_digit(each.canonical_uid)) for each in held if each.kind == TokenKind.EMAID
        ],
        "may_learn": mine.driver.autocharge,
        "may_see_plates": agreed.get("plates", False),
        "candidates": _candidates(mine) if mine.driver.autocharge else [],
        "uses": list(mine.plate_uses()[:50]),
        "tab": "account",
    }
    return render(request, "driver/account/cards.html", context)


@require_POST
@account_view
def activate(request: DriverRequest) -> HttpResponse:
    """By the printed number; somebody who tries numbers waits after five."""
    who = f"card {request.me.driver.pk}"
    if lockout.is_locked(request, who):
        messages.error(request, _("Too many numbers were tried. Wait 15 minutes."))
        return _back()
    try:
        activate_card(request.me.organisation, request.POST.get("number", ""), request.me.driver, by=request.me.actor)
        lockout.note_success(request, who)
        messages.success(request, _("The card is yours, and works now."))
    except DriversError as error:
        lockout.note_failure(request, who)
        messages.error(request, _(str(error)))
    return _back()


@require_POST
@account_view
def block(request: DriverRequest, token_id: UUID) -> HttpResponse:
    token = _mine(request, token_id, *_CARDS, TokenKind.MAC_ADDRESS)
    actions.block_token(token, by=request.me.actor, reason="Blocked by its driver")
    messages.success(request, _("The card starts no charge any more. The operator can unblock it."))
    return _back()


@require_POST
@account_view
def learn(request: DriverRequest, sighting_id: UUID) -> HttpResponse:
    found = next((each for each in _candidates(request.me) if each.pk == sighting_id), None)
    if found is None:
        raise Http404("No such car.")
    try:
        autocharge.learn_car(request.me.driver, found, by=request.me.actor)
        messages.success(request, _("The car is known: from now on it charges when you plug in."))
    except DriversError as error:
        messages.error(request, _(str(error)))
    return _back()


@require_POST
@account_view
def forget_cars(request: DriverRequest) -> HttpResponse:
    driver, by = request.me.driver, request.me.actor
    keeping.set_consent(driver, ConsentKind.AUTOCHARGE, False, wording="Forget my cars.", by=by)
    autocharge.forget_cars(driver, by=by)  # also those the operator let in
    messages.success(request, _("No car of yours is recognised any more."))
    return _back()


@require_POST
@account_view
def add_plate(request: DriverRequest) -> HttpResponse:
    if not consents_now(request.me.driver).get("plates"):
        messages.error(request, _("Agree to the recognition of plates first, under About you."))
        return _back()
    try:
        actions.create_token(
            request.me.organisation,
            by=request.me.actor,
            kind=TokenKind.PLATE,
            driver=request.me.driver,
            plate=request.POST.get("plate", ""),
        )
        messages.success(request, _("Saved."))
    except DriversError as error:
        messages.error(request, _(str(error)))
    return _back()


@require_POST
@account_view
def remove_plate(request: DriverRequest, token_id: UUID) -> HttpResponse:
    """It is read no more; what it charged stays in the history."""
    token = _mine(request, token_id, TokenKind.PLATE)
    actions.retire_plate(token, by=request.me.actor)
    messages.success(request, _("The plate is no longer recognised."))
    return _back()


@require_POST
@account_view
def wrong(request: DriverRequest, offer_id: UUID) -> HttpResponse:
    found = request.me.plate_uses().filter(pk=offer_id).first()
    if found is None:
        raise Http404("No such use.")
    plates.report_wrong(found, by=request.me.actor, now=timezone.now())
    messages.success(request, _("The operator is told that this was not your car."))
    return _back()


def _candidates(mine: Self) -> list[Sighting]:
    """Unknown cars at the very plugs where this driver charges or has just charged: never the neighbour's.

    A station of OCPP 1.6 does not say at which of its plugs a car was: there, only one with a single plug counts.
    """
    recent = mine.sessions().filter(last_event_at__gte=timezone.now() - _LEARNED_WITHIN, evse__isnull=False)
    plugs = recent.order_by().values_list("station_id", "evse")[:20]
    single = Evse.objects.values("station").annotate(plugs=Count("pk")).filter(plugs=1).values("station")
    here = Q(pk__in=[])
    for station_id, evse in plugs:
        here |= Q(station=station_id, evse=evse) | Q(station=station_id, evse=None, station__in=single)
    known = Token.objects.filter(organisation=mine.organisation, kind=TokenKind.MAC_ADDRESS)
    seen = Sighting.objects.filter(
        here,
        organisation=mine.organisation,
        kind=TokenKind.MAC_ADDRESS,
        last_at__gte=timezone.now() - _LEARNED_WITHIN,
    )
    return list(seen.exclude(canonical_uid__in=known.values("canonical_uid")).select_related("station__site")[:5])


def _mine(request: DriverRequest, token_id: UUID, *kinds: TokenKind) -> Token:
    found = request.me.tokens().filter(pk=token_id, kind__in=kinds).exclude(status=TokenStatus.EXPIRED).first()
    if found is None:
        raise Http404("No such card.")
    return found


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("me-cards"))
