"""What a station keeps when the simulator stops: its meters, and the credentials an operator gave it from afar."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station

KEPT: Final = ("password", "security_profile")


class Kept(msgspec.Struct):
    settings: dict[str, str] = {}
    registers_mwh: list[int] = []


def remember_in(folder: Path, station: "Station") -> None:
    """Restore what was kept for this station, and keep what changes from now on."""
    path = folder / station.identity / "kept.json"
    if path.is_file():
        _restore(station, msgspec.json.decode(path.read_bytes(), type=Kept))

    def keep() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        settings = {name: station.settings.text(name) for name in KEPT}
        kept = Kept(settings, [evse.meter.register_mwh for evse in station.evses])
        path.write_bytes(msgspec.json.encode(kept))
        path.chmod(0o600)

    station.remember = keep


def _restore(station: "Station", kept: Kept) -> None:
    for name, value in kept.settings.items():
        station.settings.put(name, value)
    for evse, register_mwh in zip(station.evses, kept.registers_mwh, strict=False):
        evse.meter.register_mwh = register_mwh
