"""A setting changed from afar, and what follows from it."""

from typing import TYPE_CHECKING

from ohmstead.simulator.settings import Setting, acceptable

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station

RECONNECT_S = 0.5


def change(station: "Station", setting: Setting, value: str) -> str:
    """Accepted, or Rejected when read-only or unfit."""
    if not setting.writable or not acceptable(setting, value):
        return "Rejected"
    if setting.name == "security_profile" and int(value) < station.settings.number("security_profile"):
        return "Rejected"  # OCPP A05.FR.03: never downwards from afar
    station.settings.put(setting.name, value)
    _follow(station, setting.name)
    return "Accepted"


def _follow(station: "Station", name: str) -> None:
    if name in ("password", "security_profile"):
        station.remember()
        station.after("reconnect", RECONNECT_S, station.link.reconnect)
    elif name == "heartbeat_s":
        station.beat_later()
    elif name == "clock_interval_s":
        station.align_clock()
