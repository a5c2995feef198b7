"""Meter values of any dialect, gathered into one Reading per moment."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ohmstead.station.readings import Reading, ReadingContext
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.quantities import (
    QUANTITIES,
    REGISTER,
    Quantity,
    Shape,
    exact_number,
    exponent_of,
    in_celsius,
    plain_number,
)
from ohmstead.wire.quirks import KWH_BESIDE_SIGNATURE, KWH_CALLED_WH

CONTEXTS: Final = {
    "Transaction.Begin": ReadingContext.BEGIN,
    "Sample.Periodic": ReadingContext.PERIODIC,
    "Sample.Clock": ReadingContext.CLOCK,
    "Trigger": ReadingContext.TRIGGER,
    "Interruption.Begin": ReadingContext.INTERRUPTION_BEGIN,
    "Interruption.End": ReadingContext.INTERRUPTION_END,
    "Transaction.End": ReadingContext.END,
}
LINES: Final = {None: 0, "L1": 0, "L1-N": 0, "L2": 1, "L2-N": 1, "L3": 2, "L3-N": 2}
_LOCATIONS: Final = {None: 0, "Outlet": 0, "Cable": 1, "Body": 2, "Inlet": 3, "Upstream": 4, "EV": 5}  # best first


class Sample(NamedTuple):
    """One sampled value as sent, the same for all dialects."""

    value: str | float | None
    measurand: str | None
    context: str | None
    phase: str | None
    location: str | None
    unit: str | None
    multiplier: int = 0
    signed_data: str | None = None
    signature: dict[str, Any] | None = None  # how it was signed, without the data

    @property
    def key(self) -> str:
        phase = f"/{self.phase}" if self.phase else ""
        location = f"@{self.location}" if self.location and self.location != "Outlet" else ""
        return f"{self.measurand or REGISTER}{phase}{location}"


class _Candidate(NamedTuple):
    sample: Sample
    value: Decimal | float


class Gathering:
    """The samples of one moment on their way into a Reading."""

    __slots__ = ("fields", "hearing", "more", "signed", "summed")

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self.fields: dict[str, Any] = {}
        self.summed: dict[str, list[_Candidate]] = {}
        self.more: dict[str, Any] = {}
        self.signed: list[str] = []

    def add(self, sample: Sample) -> None:
        if sample.signed_data is not None:
            self._add_signed(sample)
        if sample.value is None:
            return
        quantity = QUANTITIES.get(sample.measurand or REGISTER)
        value = None if quantity is None else self._value(quantity, sample)
        if quantity is None or value is None:
            self._keep(sample)
        elif quantity.shape is Shape.SUMMED:
            self.summed.setdefault(quantity.fields[0], []).append(_Candidate(sample, value))
        else:
            self._put(quantity, sample, value)

    def _put(self, quantity: Quantity, sample: Sample, value: Decimal | float) -> None:
        line = LINES.get(sample.phase) if quantity.shape is Shape.PHASED else 0
        field = None if line is None else quantity.fields[line]
        if field is None or field in self.fields:
            self._keep(sample)
        elif field == "temperature_c":
            self.fields[field] = in_celsius(float(value), sample.unit)
        else:
            self.fields[field] = value

    def _value(self, quantity: Quantity, sample: Sample) -> Decimal | float | None:
        assert sample.value is not None
        exponent = exponent_of(quantity, sample.unit, self.hearing)
        if exponent is None:
            return None
        if self.hearing.quirks & (KWH_CALLED_WH | KWH_BESIDE_SIGNATURE) and sample.measurand in (None, REGISTER):
            exponent = self._quirky_exponent(sample, exponent)
        exponent += sample.multiplier
        if not -15 <= exponent <= 15:
            self.hearing.mend("multiplier_implausible", "The multiplier cannot be true.", sample.multiplier)
            return None
        if quantity.exact:
            exact = exact_number(sample.value, self.hearing)
            return exact * Decimal(10) ** exponent if exact is not None and exponent else exact
        number = plain_number(sample.value, self.hearing)
        return number * 10.0**exponent if number is not None and exponent else number

    def _quirky_exponent(self, sample: Sample, exponent: int) -> int:
        quirks = self.hearing.quirks
        if quirks & KWH_CALLED_WH and sample.unit in (None, "Wh"):
            self.hearing.mend("kwh_called_wh", "This model sends kWh and calls it Wh.", sample.value)
            return 3
        if quirks & KWH_BESIDE_SIGNATURE and sample.unit is None and sample.signed_data is not None:
            self.hearing.mend("kwh_beside_signature", "This model sends signed kWh without a unit.", sample.value)
            return 3
        return exponent

    def _add_signed(self, sample: Sample) -> None:
        assert sample.signed_data is not None
        self.signed.append(sample.signed_data)
        if sample.signature:
            self.more.setdefault("signatures", []).append(sample.signature)

    def _keep(self, sample: Sample) -> None:
        kept: dict[str, Any] = {"value": sample.value}
        if sample.unit is not None:
            kept["unit"] = sample.unit
        if sample.multiplier:
            kept["multiplier"] = sample.multiplier
        key = sample.key
        while key in self.more:
            key += "'"
        self.more[key] = kept

    def _settle(self) -> str | None:
        """Choose the total of each summed quantity; the context is that of the chosen register."""
        context = None
        for field, candidates in self.summed.items():
            chosen = candidates if len(candidates) == 1 else _best(candidates)
            self.fields[field] = chosen[0].value if len(chosen) == 1 else sum(c.value for c in chosen)
            if field == "register_wh":
                context = chosen[0].sample.context
            if len(chosen) < len(candidates):
                for candidate in candidates:
                    if candidate not in chosen:
                        self._keep(candidate.sample)
        return context

    def reading(self, at: datetime, first_context: str | None) -> Reading | None:
        context = self._settle() or first_context
        if not (self.fields or self.more or self.signed):
            return None
        return Reading(
            at=at,
            context=ReadingContext.PERIODIC if context is None else CONTEXTS.get(context, ReadingContext.OTHER),
            more=self.more or None,
            signed=tuple(self.signed),
            **self.fields,
        )


def _best(candidates: list[_Candidate]) -> list[_Candidate]:
    """Of values of one quantity: now before begin, the car's plug before the mains, the total before the phases."""
    current = [c for c in candidates if c.sample.context != "Transaction.Begin"] or candidates
    rank = min(_LOCATIONS.get(c.sample.location, 9) for c in current)
    there = [c for c in current if _LOCATIONS.get(c.sample.location, 9) == rank]
    total = [c for c in there if c.sample.phase is None]
    if total:
        return total[:1]
    lines: dict[int, _Candidate] = {}
    for candidate in there:
        line = LINES.get(candidate.sample.phase)
        if line is not None:
            lines.setdefault(line, candidate)
    return list(lines.values()) or there[:1]


def gather(at: datetime, samples: Iterable[Sample], hearing: Hearing) -> Reading | None:
    """All samples of one moment; None when nothing was sampled."""
    gathering = Gathering(hearing)
    first_context = None
    for sample in samples:
        first_context = first_context or sample.context
        gathering.add(sample)
    return gathering.reading(at, first_context)
