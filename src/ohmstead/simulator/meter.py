"""The meter of one EVSE: an exact register, and readings with the noise of a real one."""

from dataclasses import dataclass
from random import Random

from ohmstead.simulator.car import MAINS_V, NOTHING, Flow


@dataclass(frozen=True, slots=True)
class Sample:
    """What the meter shows at one moment; currents and voltages per phase."""

    register_wh: int
    power_w: float
    currents_a: tuple[float, ...]
    voltages_v: tuple[float, ...]
    offered_w: float
    soc_percent: float | None = None
    temperature_c: float | None = None
    frequency_hz: float = 50.0


@dataclass(slots=True)
class Meter:
    """`register_mwh` counts whole milliwatt-hours, so that the register never loses or gains by rounding."""

    noise: Random
    phases: int
    dc: bool = False
    register_mwh: int = 0
    flow: Flow = NOTHING
    offered_w: float = 0.0

    @property
    def register_wh(self) -> int:
        return self.register_mwh // 1000

    def record(self, flow: Flow, passed_wh: float, offered_w: float) -> None:
        if passed_wh < 0:
            raise ValueError("An import register never runs backwards.")
        self.register_mwh += round(passed_wh * 1000)
        self.flow, self.offered_w = flow, offered_w

    def rest(self) -> None:
        self.flow, self.offered_w = NOTHING, 0.0

    def sample(self, soc: float | None = None) -> Sample:
        noise = self.noise.gauss
        lanes = 1 if self.dc else self.phases
        base_v = self.flow.voltage_v if self.dc else MAINS_V
        voltages = tuple(round(base_v * (1 + noise(0, 0.004)), 1) for _ in range(lanes))
        currents = tuple(
            round(max(0.0, self.flow.current_a * (1 + noise(0, 0.003))), 2) if lane < self.flow.phases else 0.0
            for lane in range(lanes)
        )
        power_w = sum(a * v for a, v in zip(currents, voltages, strict=True))
        return Sample(
            register_wh=self.register_wh,
            power_w=round(power_w, 1),
            currents_a=currents,
            voltages_v=voltages,
            offered_w=round(self.offered_w, 1),
            soc_percent=None if soc is None else round(soc * 100, 1),
            temperature_c=round(24 + self.flow.current_a / 4 + noise(0, 0.3), 1),
            frequency_hz=round(50 + noise(0, 0.02), 3),
        )
