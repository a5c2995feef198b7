"""A car at a plug: what it takes of what is offered, and how its battery fills."""

from dataclasses import dataclass
from math import exp

MINIMUM_CURRENT_A = 6.0  # IEC 61851-1: below this a car must not draw
MAINS_V = 230.0
AC_EFFICIENCY = 0.91
DC_EFFICIENCY = 0.97
TAPER = 3.0  # in constant voltage the power falls to e^-3 = 5 % at a full battery
LONGEST_STEP_S = 30.0
MOST_STEPS = 240


@dataclass(frozen=True, slots=True)
class CarModel:
    """`battery_power_w` is what the cells accept at best; `knee_soc` is where constant voltage begins."""

    name: str
    battery_wh: int
    battery_power_w: float
    knee_soc: float
    ac_phases: int
    ac_current_a: float
    has_dc: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """What the station offers now: amperes per phase on AC, watts on DC."""

    phases: int = 3
    current_a: float = 0.0
    dc_power_w: float | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    power_w: float = 0.0
    current_a: float = 0.0  # per phase in use; on DC the pack's current
    phases: int = 0
    voltage_v: float = MAINS_V


NOTHING = Flow()


@dataclass(slots=True)
class Car:
    model: CarModel
    soc: float
    target_soc: float = 1.0
    mac_address: str | None = None
    emaid: str | None = None
    vin: str | None = None

    @property
    def full(self) -> bool:
        return self.soc >= self.target_soc - 1e-6

    def draw(self, offer: Offer) -> Flow:
        """The flow at this moment; nothing when the battery is full or the offer too small."""
        if self.full:
            return NOTHING
        accepted_w = acceptance_w(self.model, self.soc)
        if offer.dc_power_w is not None:
            return self._draw_dc(offer.dc_power_w, accepted_w)
        if offer.current_a < MINIMUM_CURRENT_A:
            return NOTHING
        phases = min(offer.phases, self.model.ac_phases)
        most_a = accepted_w / AC_EFFICIENCY / (MAINS_V * phases)
        current_a = min(offer.current_a, self.model.ac_current_a, most_a)
        return Flow(current_a * MAINS_V * phases, current_a, phases)

    def _draw_dc(self, offered_w: float, accepted_w: float) -> Flow:
        if not self.model.has_dc or offered_w <= 0:
            return NOTHING
        voltage_v = pack_voltage_v(self.model, self.soc)
        power_w = min(offered_w, accepted_w / DC_EFFICIENCY)
        return Flow(power_w, power_w / voltage_v, 1, voltage_v)

    def charge(self, offer: Offer, for_s: float) -> tuple[Flow, float]:
        """Fill for a while in short steps; gives the last flow and the watt-hours that passed the meter."""
        steps = max(1, min(MOST_STEPS, round(for_s / LONGEST_STEP_S)))
        step_s = for_s / steps
        efficiency = AC_EFFICIENCY if offer.dc_power_w is None else DC_EFFICIENCY
        passed_wh, flow = 0.0, NOTHING
        for _ in range(steps):
            flow = self.draw(offer)
            if not flow.power_w:
                break
            passed_wh += flow.power_w * step_s / 3600
            self.soc = min(1.0, self.soc + flow.power_w * step_s / 3600 * efficiency / self.model.battery_wh)
        return flow, passed_wh


def acceptance_w(model: CarModel, soc: float) -> float:
    """What the cells take: constant current (power rises with the voltage), then constant voltage (an exponential)."""
    if soc < model.knee_soc:
        return model.battery_power_w * (0.9 + 0.1 * soc / model.knee_soc)
    return model.battery_power_w * exp(-TAPER * (soc - model.knee_soc) / (1 - model.knee_soc))


def pack_voltage_v(model: CarModel, soc: float) -> float:
    nominal_v = 720.0 if model.battery_power_w > 200_000 else 370.0
    return nominal_v * (0.88 + 0.22 * soc)


CARS = (
    CarModel("city", 36_000, 60_000, 0.62, 1, 32.0),
    CarModel("hatchback", 52_000, 100_000, 0.58, 3, 16.0),
    CarModel("saloon", 77_000, 175_000, 0.50, 3, 16.0),
    CarModel("estate", 84_000, 240_000, 0.55, 3, 16.0),
    CarModel("van", 90_000, 125_000, 0.60, 3, 32.0),
    CarModel("plug-in hybrid", 14_000, 12_000, 0.85, 1, 16.0, has_dc=False),
)
CAR_BY_NAME = {car.name: car for car in CARS}
