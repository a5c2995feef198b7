"""What may be said of a station's plugs, in the words of OCPI. Pure."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TypedDict

from ohmstead.network.rules.line import NUMBER_MAX
from ohmstead.network.rules.problems import Problem, Unusable
from ohmstead.network.rules.site_facts import checked_by, text

POWER_W_MAX: Final = 5_000_000
CURRENT_A_MAX: Final = 5_000
VOLTAGE_V_MAX: Final = 2_000


class PlugStandard(StrEnum):
    """OCPI 2.3 ConnectorType."""

    CHADEMO = "CHADEMO"
    CHAOJI = "CHAOJI"
    DOMESTIC_A = "DOMESTIC_A"
    DOMESTIC_B = "DOMESTIC_B"
    DOMESTIC_C = "DOMESTIC_C"
    DOMESTIC_D = "DOMESTIC_D"
    DOMESTIC_E = "DOMESTIC_E"
    DOMESTIC_F = "DOMESTIC_F"
    DOMESTIC_G = "DOMESTIC_G"
    DOMESTIC_H = "DOMESTIC_H"
    DOMESTIC_I = "DOMESTIC_I"
    DOMESTIC_J = "DOMESTIC_J"
    DOMESTIC_K = "DOMESTIC_K"
    DOMESTIC_L = "DOMESTIC_L"
    DOMESTIC_M = "DOMESTIC_M"
    DOMESTIC_N = "DOMESTIC_N"
    DOMESTIC_O = "DOMESTIC_O"
    GBT_AC = "GBT_AC"
    GBT_DC = "GBT_DC"
    IEC_60309_2_SINGLE_16 = "IEC_60309_2_single_16"
    IEC_60309_2_THREE_16 = "IEC_60309_2_three_16"
    IEC_60309_2_THREE_32 = "IEC_60309_2_three_32"
    IEC_60309_2_THREE_64 = "IEC_60309_2_three_64"
    IEC_62196_T1 = "IEC_62196_T1"
    IEC_62196_T1_COMBO = "IEC_62196_T1_COMBO"
    IEC_62196_T2 = "IEC_62196_T2"
    IEC_62196_T2_COMBO = "IEC_62196_T2_COMBO"
    IEC_62196_T3A = "IEC_62196_T3A"
    IEC_62196_T3C = "IEC_62196_T3C"
    MCS = "MCS"
    NEMA_5_20 = "NEMA_5_20"
    NEMA_6_30 = "NEMA_6_30"
    NEMA_6_50 = "NEMA_6_50"
    NEMA_10_30 = "NEMA_10_30"
    NEMA_10_50 = "NEMA_10_50"
    NEMA_14_30 = "NEMA_14_30"
    NEMA_14_50 = "NEMA_14_50"
    PANTOGRAPH_BOTTOM_UP = "PANTOGRAPH_BOTTOM_UP"
    PANTOGRAPH_TOP_DOWN = "PANTOGRAPH_TOP_DOWN"
    SAE_J3400 = "SAE_J3400"
    TESLA_R = "TESLA_R"
    TESLA_S = "TESLA_S"


class PlugFormat(StrEnum):
    SOCKET = "SOCKET"
    CABLE = "CABLE"


class PowerType(StrEnum):
    """OCPI 2.3 PowerType."""

    AC_1_PHASE = "AC_1_PHASE"
    AC_2_PHASE = "AC_2_PHASE"
    AC_2_PHASE_SPLIT = "AC_2_PHASE_SPLIT"
    AC_3_PHASE = "AC_3_PHASE"
    DC = "DC"


class EvseValues(TypedDict, total=False):
    physical_reference: str  # what is written on the place: "A3", "bay 12"
    max_power_w: int | None


class ConnectorValues(TypedDict, total=False):
    standard: str
    format: str
    power_type: str
    max_power_w: int | None
    max_current_a: int | None
    max_voltage_v: int | None


def whole_number(most: int) -> Callable[[object], int | None]:
    def read(value: object) -> int | None:
        if value is None or value == "":
            return None
        try:
            number = int(str(value))
        except ValueError:
            number = 0
        if not 1 <= number <= most:
            raise Unusable("This is a whole number from 1 to %(most)d.", most=most)
        return number

    return read


def one_of(kind: type[StrEnum], sentence: str) -> Callable[[object], str]:
    """Capital or small letters alike; empty means not known."""
    known = {each.value.upper(): each.value for each in kind}

    def read(value: object) -> str:
        word = str(value or "").strip()
        if word and word.upper() not in known:
            raise Unusable(sentence, text=word[:40])
        return known[word.upper()] if word else ""

    return read


def number(value: object) -> int:
    """Of an EVSE or a connector, as the station counts them."""
    found = whole_number(NUMBER_MAX)(value)
    if found is None:
        raise Unusable("This needs a number, as the station counts from 1.")
    return found


_EVSE_CHECKS: Final[dict[str, Callable[[object], Any]]] = {
    "number": number,
    "physical_reference": lambda value: text("physical_reference", value),
    "max_power_w": whole_number(POWER_W_MAX),
}
_CONNECTOR_CHECKS: Final[dict[str, Callable[[object], Any]]] = {
    "number": number,
    "standard": one_of(PlugStandard, "%(text)s is no connector type of OCPI such as IEC_62196_T2_COMBO."),
    "format": one_of(PlugFormat, "%(text)s is no format; it is SOCKET or CABLE."),
    "power_type": one_of(PowerType, "%(text)s is no kind of power; it is AC_1_PHASE, AC_3_PHASE or DC."),
    "max_power_w": whole_number(POWER_W_MAX),
    "max_current_a": whole_number(CURRENT_A_MAX),
    "max_voltage_v": whole_number(VOLTAGE_V_MAX),
}


def checked_evse(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Problem]]:
    return checked_by(_EVSE_CHECKS, given)


def checked_connector(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Problem]]:
    return checked_by(_CONNECTOR_CHECKS, given)
