"""Spelling that the dialects share."""

from ohmstead.simulator.evse import Evse
from ohmstead.simulator.meter import Sample
from ohmstead.station.readings import ReadingContext

CONTEXTS = {
    ReadingContext.BEGIN: "Transaction.Begin",
    ReadingContext.PERIODIC: "Sample.Periodic",
    ReadingContext.CLOCK: "Sample.Clock",
    ReadingContext.TRIGGER: "Trigger",
    ReadingContext.END: "Transaction.End",
    ReadingContext.OTHER: "Other",
}


def measured(evse: Evse, sample: Sample, measurands: list[str]) -> list[tuple[str, str | None, float, str]]:
    """(measurand, phase, value, unit) for each value asked for that this meter has."""
    dc = evse.outlet.dc_power_w is not None
    values: list[tuple[str, str | None, float, str]] = []
    for measurand in measurands:
        match measurand:
            case "Energy.Active.Import.Register":
                values.append((measurand, None, sample.register_wh, "Wh"))
            case "Power.Active.Import":
                values.append((measurand, None, sample.power_w, "W"))
            case "Power.Offered":
                values.append((measurand, None, sample.offered_w, "W"))
            case "Current.Import":
                values += [(measurand, _phase(dc, lane), a, "A") for lane, a in enumerate(sample.currents_a)]
            case "Voltage":
                values += [
                    (measurand, None if dc else f"L{lane + 1}-N", v, "V") for lane, v in enumerate(sample.voltages_v)
                ]
            case "SoC" if sample.soc_percent is not None:
                values.append((measurand, None, sample.soc_percent, "Percent"))
            case "Temperature" if sample.temperature_c is not None:
                values.append((measurand, None, sample.temperature_c, "Celsius"))
            case "Frequency":
                values.append((measurand, None, sample.frequency_hz, "Hz"))
            case _:
                pass  # a meter leaves out what it cannot measure
    return values


def _phase(dc: bool, lane: int) -> str | None:
    return None if dc else f"L{lane + 1}"
