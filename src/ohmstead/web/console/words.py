"""States, reasons and flags in the words and icons an operator reads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ohmstead.charging.rules.flags import SENTENCES, Flag

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: never by colour alone."""

    css: str
    icon: str
    word: "_StrPromise"


UNKNOWN = Look("unknown", "circle-dashed", _("Unknown"))
PLUG_LOOKS = {
    "available": Look("available", "circle-check", _("Available")),
    "preparing": Look("preparing", "plug", _("Preparing")),
    "charging": Look("charging", "bolt", _("Charging")),
    "suspended_car": Look("suspended", "player-pause", _("Paused by car")),
    "suspended_station": Look("suspended", "player-pause", _("Paused by station")),
    "suspended": Look("suspended", "player-pause", _("Paused")),
    "finishing": Look("finishing", "plug", _("Finishing")),
    "occupied": Look("occupied", "plug", _("Occupied")),
    "reserved": Look("reserved", "clock", _("Reserved")),
    "unavailable": Look("unavailable", "circle-off", _("Unavailable")),
    "faulted": Look("faulted", "alert-triangle", _("Faulted")),
    "offline": Look("offline", "circle-dashed", _("Offline")),
    "pending": Look("warning", "hourglass", _("Pending")),
    "refused": Look("offline", "ban", _("Refused")),
    "idle": Look("preparing", "plug", _("Plugged in")),
    "connected": Look("preparing", "plug", _("Plugged in")),
    "unknown": UNKNOWN,
}
OPEN = Look("available", "clock", _("Open"))
CLOSED = Look("plain", "clock-pause", _("Closed"))
SESSION_LOOKS = {
    "running": Look("charging", "bolt", _("Running")),
    "ended": Look("plain", "check", _("Ended")),
    "lost": Look("warning", "wifi-off", _("Lost")),
    "refused": Look("faulted", "ban", _("Refused")),
}
COMMAND_LOOKS = {
    "planned": Look("plain", "calendar-time", _("Planned")),
    "queued": Look("preparing", "hourglass", _("Queued")),
    "waiting": Look("preparing", "clock-pause", _("Waits for the station")),
    "sent": Look("preparing", "arrow-up-right", _("Sent")),
    "accepted": Look("available", "check", _("Accepted")),
    "rejected": Look("faulted", "ban", _("Rejected")),
    "timed_out": Look("warning", "clock", _("Timed out")),
    "offline": Look("offline", "wifi-off", _("Station offline")),
    "failed": Look("faulted", "alert-triangle", _("Failed")),
    "cancelled": Look("plain", "arrow-back-up", _("Taken back")),
}
DRIFT_LOOKS = {
    "none": Look("available", "circle-check", _("As wanted")),
    "differs": Look("warning", "alert-triangle", _("Differs")),
    "needs_reboot": Look("preparing", "rotate", _("After a restart")),
    "not_reported": Look("plain", "help", _("Not reported")),
}
BULK_LOOKS = {
    "running": Look("preparing", "progress", _("Under way")),
    "done": Look("available", "circle-check", _("Done")),
    "cancelled": Look("plain", "arrow-back-up", _("Taken back")),
    "stopped": Look("faulted", "alert-triangle", _("Stopped after failures")),
}
LOG_KINDS = {
    "diagnostics": _("Diagnostics"),
    "security": _("Security log"),
    "data_collector": _("Data collector"),
}
STOP_REASONS = {
    "driver": _("Stopped by the driver"),
    "remote": _("Stopped by an operator or the app"),
    "car_unplugged": _("The car was unplugged"),
    "emergency_stop": _("Emergency stop"),
    "deauthorised": _("The token was no longer accepted"),
    "power_loss": _("The station lost power"),
    "reboot": _("The station rebooted"),
    "hard_reset": _("Hard reset"),
    "soft_reset": _("Soft reset"),
    "unlocked": _("The connector was unlocked"),
    "limit_reached": _("A limit was reached"),
    "car_full": _("The car is full"),
    "fault": _("A fault"),
    "timeout": _("No car came in time"),
    "other": _("Another reason"),
    "lost": _("The station never spoke of it again"),
}
FLAG_WORDS = {
    "start_missing": _("No start"),
    "stop_matched": _("Stop matched"),
    "ended_by_next_start": _("No stop"),
    "ended_by_reboot": _("No stop"),
    "lost": _("Lost"),
    "closed_by_hand": _("Closed by hand"),
    "end_unmetered": _("No end reading"),
    "offline": _("Partly offline"),
    "seq_gap": _("Messages missing"),
    "spoken_of_after_end": _("Spoken of after end"),
    "clock_backwards": _("Clock went back"),
    "charged_though_refused": _("Charged though refused"),
    "energy_unknown": _("Energy unknown"),
    "zero_energy": _("No energy"),
    "short": _("Under a minute"),
    "begin_zero": _("Meter began at 0"),
    "register_reset": _("Meter reset"),
    "register_rollover": _("Meter rolled over"),
    "energy_backwards": _("Meter went back"),
    "energy_impossible": _("Impossible reading"),
}
SECURITY_PROFILES = {
    0: _("0, open line"),
    1: _("1, password"),
    2: _("2, TLS and password"),
    3: _("3, TLS and client certificate"),
}
DIALECTS = {"ocpp1.6": "OCPP 1.6", "ocpp2.0.1": "OCPP 2.0.1", "ocpp2.1": "OCPP 2.1"}
PLUG_STANDARDS = {
    "CHADEMO": "CHAdeMO",
    "CHAOJI": "ChaoJi",
    "DOMESTIC_A": _("Domestic, type A"),
    "DOMESTIC_B": _("Domestic, type B"),
    "DOMESTIC_C": _("Domestic, type C"),
    "DOMESTIC_D": _("Domestic, type D"),
    "DOMESTIC_E": _("Domestic, type E"),
    "DOMESTIC_F": "Schuko",
    "DOMESTIC_G": _("Domestic, type G"),
    "DOMESTIC_H": _("Domestic, type H"),
    "DOMESTIC_I": _("Domestic, type I"),
    "DOMESTIC_J": _("Domestic, type J"),
    "DOMESTIC_K": _("Domestic, type K"),
    "DOMESTIC_L": _("Domestic, type L"),
    "DOMESTIC_M": _("Domestic, type M"),
    "DOMESTIC_N": _("Domestic, type N"),
    "DOMESTIC_O": _("Domestic, type O"),
    "GBT_AC": "GB/T AC",
    "GBT_DC": "GB/T DC",
    "IEC_60309_2_single_16": "CEE 16 A, 1~",
    "IEC_60309_2_three_16": "CEE 16 A, 3~",
    "IEC_60309_2_three_32": "CEE 32 A, 3~",
    "IEC_60309_2_three_64": "CEE 64 A, 3~",
    "IEC_62196_T1": "Type 1",
    "IEC_62196_T1_COMBO": "CCS 1",
    "IEC_62196_T2": "Type 2",
    "IEC_62196_T2_COMBO": "CCS",
    "IEC_62196_T3A": "Type 3A",
    "IEC_62196_T3C": "Type 3C",
    "MCS": "MCS",
    "NEMA_5_20": "NEMA 5-20",
    "NEMA_6_30": "NEMA 6-30",
    "NEMA_6_50": "NEMA 6-50",
    "NEMA_10_30": "NEMA 10-30",
    "NEMA_10_50": "NEMA 10-50",
    "NEMA_14_30": "NEMA 14-30",
    "NEMA_14_50": "NEMA 14-50",
    "PANTOGRAPH_BOTTOM_UP": _("Pantograph, bottom up"),
    "PANTOGRAPH_TOP_DOWN": _("Pantograph, top down"),
    "SAE_J3400": "NACS (J3400)",
    "TESLA_R": "Tesla Roadster",
    "TESLA_S": "Tesla S/X",
}
PLUG_FORMATS = {"SOCKET": _("Socket"), "CABLE": _("Cable")}
POWER_TYPES = {
    "AC_1_PHASE": _("AC, one phase"),
    "AC_2_PHASE": _("AC, two phases"),
    "AC_2_PHASE_SPLIT": _("AC, split phase"),
    "AC_3_PHASE": _("AC, three phases"),
    "DC": "DC",
}


def flag_sentence(flag: str) -> str:
    """What the session rules say of a flag."""
    return SENTENCES[Flag(flag)] if flag in set(Flag) else flag


def plug_standard(name: str) -> str:
    return str(PLUG_STANDARDS.get(name, name))


def plug_look(state: str) -> Look:
    return PLUG_LOOKS.get(state, UNKNOWN)


def session_look(state: str) -> Look:
    return SESSION_LOOKS.get(state, UNKNOWN)


def command_look(state: str) -> Look:
    return COMMAND_LOOKS.get(state, UNKNOWN)
