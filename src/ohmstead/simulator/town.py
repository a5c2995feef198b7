"""Drivers at work: they come, let themselves in, stay, and leave, as their day has it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from ohmstead.simulator import sessions
from ohmstead.simulator.car import Car
from ohmstead.simulator.drivers import Visit, Way, first_visit_soon, visits
from ohmstead.simulator.evse import Evse
from ohmstead.simulator.sheet import Site
from ohmstead.simulator.station import Station
from ohmstead.station.states import StopReason
from ohmstead.station.tokens import PresentedToken

WALK_S = 20.0
PATIENCE_S = 40.0


@dataclass(slots=True)
class Wallet:
    """The cards of the town: each is in one hand at a time. `strangers` is the share of visits with an unknown one."""

    cards: Sequence[PresentedToken]
    strangers: float = 0.0
    taken: set[str] = field(default_factory=set)

    def take(self, wanted: PresentedToken) -> PresentedToken | None:
        """This token, or the next card nobody uses; None when all are in use."""
        token = wanted if wanted.uid not in self.taken else self._free_card()
        if token:
            self.taken.add(token.uid)
        return token

    def _free_card(self) -> PresentedToken | None:
        return next((card for card in self.cards if card.uid not in self.taken), None)

    def give_back(self, token: PresentedToken) -> None:
        self.taken.discard(token.uid)


async def life_at(station: Station, evse: Evse, site: Site, wallet: Wallet) -> None:
    """Serve one driver after the other, for ever."""
    for visit in planned_visits(station, evse, site, wallet.cards):
        leaves_at = visit.arrives_at + timedelta(seconds=visit.stays_s)
        if leaves_at <= station.pace.town_time():
            continue
        await station.pace.wait_until(visit.arrives_at)
        if not evse.free or not station.operative or evse.serving:
            continue  # taken or out of order: this driver drives on
        token = wallet.take(_token(station, visit, wallet))
        if token is None:
            continue  # every card of the town is in use elsewhere
        evse.serving = True
        try:
            await serve(station, evse, visit, token)
        finally:
            evse.serving = False
            wallet.give_back(token)


def planned_visits(station: Station, evse: Evse, site: Site, cards: Sequence[PresentedToken]) -> Iterator[Visit]:
    start = first_visit_soon(station.random, station.pace.town_time(), site.kind)
    dc = evse.outlet.dc_power_w is not None
    return visits(Random(station.random.getrandbits(64)), site.kind, cards, start, dc=dc, pace=site.pace)


async def serve(station: Station, evse: Evse, visit: Visit, token: PresentedToken) -> None:
    """One visit from arrival to departure; whatever is impossible makes the driver leave."""
    try:
        if await _let_in(station, evse, visit, token):
            await station.pace.wait(visit.stays_s)
        else:
            await station.pace.wait(PATIENCE_S)
        await _leave(station, evse, visit.car, token)
    except sessions.Impossible:
        if evse.car is visit.car:
            sessions.unplug(station, evse)


def _token(station: Station, visit: Visit, wallet: Wallet) -> PresentedToken:
    if station.random.random() < wallet.strangers:
        return PresentedToken(f"0F{station.random.getrandbits(48):012X}")
    if visit.way in (Way.AUTOCHARGE, Way.PLUG_AND_CHARGE) and not station.nameplate.plug_and_charge:
        return station.random.choice(wallet.cards)
    return visit.token


async def _let_in(station: Station, evse: Evse, visit: Visit, token: PresentedToken) -> bool:
    if visit.way is Way.CARD_FIRST:
        verdict = await sessions.present(station, evse, token)
        if not verdict.accepted:
            return False
        await station.pace.wait(WALK_S)
        sessions.plug(station, evse, visit.car)
        return True
    sessions.plug(station, evse, visit.car)
    await station.pace.wait(WALK_S)
    if evse.session and evse.session.authorised:
        return True  # somebody started it from afar meanwhile
    return (await sessions.present(station, evse, token)).accepted


async def _leave(station: Station, evse: Evse, car: Car, token: PresentedToken) -> None:
    session = evse.session
    if session and session.authorised and evse.car is car:
        if session.token and session.token.canonical_uid == token.canonical_uid and station.random.random() < 0.8:
            await sessions.present(station, evse, token)
        elif station.random.random() < 0.5:
            sessions.stop(station, evse, StopReason.DRIVER, sessions.Trigger.STOP_AUTHORISED)
        await station.pace.wait(WALK_S)
    if evse.car is car:
        sessions.unplug(station, evse)
