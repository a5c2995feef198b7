"""One EVSE of a station: what is plugged, who charges, and the state a passer-by would see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ohmstead.simulator.car import MAINS_V, MINIMUM_CURRENT_A, NOTHING, Car, Offer
from ohmstead.simulator.meter import Meter
from ohmstead.simulator.profiles import Limit
from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import PresentedToken


class Trigger(StrEnum):
    """Why a transaction message is sent."""

    PLUGGED = "plugged"
    UNPLUGGED = "unplugged"
    AUTHORISED = "authorised"
    STOP_AUTHORISED = "stop_authorised"
    DEAUTHORISED = "deauthorised"
    REMOTE_START = "remote_start"
    REMOTE_STOP = "remote_stop"
    STATE = "state"
    PERIODIC = "periodic"
    CLOCK = "clock"
    ASKED = "asked"
    CAR_TIMEOUT = "car_timeout"
    FAULT = "fault"
    RESET = "reset"
    UNLOCKED = "unlocked"


@dataclass(frozen=True, slots=True)
class Outlet:
    """What the hardware can do: AC with phases and amperes, or DC with watts."""

    phases: int = 3
    current_a: float = 32.0
    dc_power_w: float | None = None
    plug: str = "cType2"

    @property
    def power_w(self) -> float:
        return self.dc_power_w if self.dc_power_w is not None else self.current_a * MAINS_V * self.phases


@dataclass(slots=True)
class Session:
    """A transaction as its station sees it; `key` is the 2.x id, `transaction_id` the number a 1.6 network gives."""

    key: str
    began_at: datetime
    begin_wh: int
    token: PresentedToken | None = None
    group_uid: str | None = None
    authorised: bool = False
    state: ChargingState = ChargingState.CONNECTED
    sequence: int = 0
    transaction_id: int | None = None
    remote_start_id: int | None = None
    reservation_id: int | None = None
    ended_by: StopReason | None = None  # decided, but the transaction waits for the plug
    next_sample_at: float = 0.0
    token_told: bool = False
    begin_data: dict[str, Any] | None = None  # the signed first reading, which 1.6 tells with the last


@dataclass(slots=True)
class Pending:
    """Somebody may charge here as soon as a car is plugged in."""

    token: PresentedToken
    group_uid: str | None = None
    remote_start_id: int | None = None


@dataclass(slots=True)
class Reservation:
    reservation_id: int
    token_uid: str
    group_uid: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    info: str = ""
    vendor_code: str = ""


SESSION_PLUG_STATE = {
    ChargingState.CHARGING: PlugState.CHARGING,
    ChargingState.SUSPENDED_CAR: PlugState.SUSPENDED_CAR,
    ChargingState.SUSPENDED_STATION: PlugState.SUSPENDED_STATION,
    ChargingState.CONNECTED: PlugState.PREPARING,
    ChargingState.IDLE: PlugState.PREPARING,
}


@dataclass(slots=True)
class Evse:
    number: int
    outlet: Outlet
    meter: Meter
    car: Car | None = None
    session: Session | None = None
    pending: Pending | None = None
    reservation: Reservation | None = None
    fault: Fault | None = None
    operative: bool = True
    closes_after_session: bool = False
    finishing: bool = False
    said: PlugState | None = None
    serving: bool = False  # a driver of the scenario is at this EVSE

    @property
    def state(self) -> PlugState:
        if self.fault:
            return PlugState.FAULTED
        if self.session and self.session.ended_by is None:
            return SESSION_PLUG_STATE[self.session.state]
        if self.finishing or self.session:
            return PlugState.FINISHING
        if not self.operative:
            return PlugState.UNAVAILABLE
        if self.car or self.pending:
            return PlugState.PREPARING
        return PlugState.RESERVED if self.reservation else PlugState.AVAILABLE

    @property
    def free(self) -> bool:
        return self.state in (PlugState.AVAILABLE, PlugState.RESERVED)

    def offer(self, limit: Limit | None) -> Offer:
        """What the car may take under a limit; below 6 A the station offers nothing."""
        outlet = self.outlet
        power_w = min(outlet.power_w, limit.power_w) if limit else outlet.power_w
        if outlet.dc_power_w is not None:
            return Offer(dc_power_w=power_w)
        phases = min(outlet.phases, limit.phases) if limit and limit.phases else outlet.phases
        current_a = min(outlet.current_a, power_w / (MAINS_V * phases))
        return Offer(phases, current_a if current_a >= MINIMUM_CURRENT_A else 0.0)

    def charge(self, limit: Limit | None, for_s: float) -> ChargingState:
        """Let current flow for a while; gives the charging state that results."""
        session, car = self.session, self.car
        if not session or not car:
            self.meter.rest()
            return ChargingState.IDLE if session and session.authorised else ChargingState.CONNECTED
        if not session.authorised or self.fault:
            self.meter.rest()
            return ChargingState.CONNECTED
        offer = self.offer(limit)
        offered_w = offer.dc_power_w if offer.dc_power_w is not None else offer.current_a * MAINS_V * offer.phases
        flow, passed_wh = car.charge(offer, for_s) if offered_w else (NOTHING, 0.0)
        self.meter.record(flow, passed_wh, offered_w)
        if not offered_w:
            return ChargingState.SUSPENDED_STATION
        return ChargingState.CHARGING if flow.power_w else ChargingState.SUSPENDED_CAR
